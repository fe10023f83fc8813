"""The matrix product of a bank scan by numpy's BLAS: 256 x 200 (or so many `queries`) times the bank's transpose, and no more.

At most 1e5 rows at a time, into memory that stands ready: a product of a million rows is not to be punished for
its result of 1 GB.
"""

from protocol import need, serve, settings

np = need("numpy")

DIM, BLOCK = 200, 100_000


def main():
    given = settings()
    size, count = given["bank"], given.get("queries", 256)
    random = np.random.default_rng(1)
    bank = random.standard_normal((size, DIM), dtype=np.float32)
    queries = random.standard_normal((count, DIM), dtype=np.float32)
    block = min(BLOCK, size)
    out = np.empty((count, block), dtype=np.float32)

    def product():
        for first in range(0, size, block):
            np.matmul(queries, bank[first : first + block].T, out=out)

    serve(product, versions={"numpy": np.__version__})


main()
