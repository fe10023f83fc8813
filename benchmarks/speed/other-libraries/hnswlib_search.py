"""The 100 nearest rows of 256 queries by hnswlib, an approximate index.

Vectors of 200 numbers that vary along 32 directions, as embeddings rather do than independent noise (which no
graph index can search). `ef` grows from 100 by quarters until the recall of the true 100
nearest is .99. All cores build the index.
"""

import time
from importlib.metadata import version

from protocol import need, serve, settings

np = need("numpy")
hnswlib = need("hnswlib")

QUERIES, DIM, DIRECTIONS, NEAREST = 256, 200, 32, 100
RECALL, LARGEST_EF = 0.99, 6400


def vectors(random, count, directions):
    x = random.standard_normal((count, DIRECTIONS), dtype=np.float32) @ directions
    x += 0.1 * random.standard_normal((count, DIM), dtype=np.float32)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def main():
    options = settings()
    random = np.random.default_rng(1)
    directions = random.standard_normal((DIRECTIONS, DIM), dtype=np.float32) / DIRECTIONS**0.5
    bank = vectors(random, options["bank"], directions)
    queries = vectors(random, QUERIES, directions)
    nearest = np.argpartition(-(queries @ bank.T), NEAREST, axis=1)[:, :NEAREST]

    index = hnswlib.Index(space="ip", dim=DIM)
    index.init_index(max_elements=len(bank), ef_construction=200, M=16, random_seed=1)
    started = time.perf_counter()
    index.add_items(bank)
    seconds = time.perf_counter() - started

    index.set_num_threads(options["threads"])

    def search():
        return index.knn_query(queries, k=NEAREST)[0]

    ef = NEAREST
    while True:
        index.set_ef(ef)
        shared = [len(np.intersect1d(a, b)) for a, b in zip(search(), nearest)]
        recall = sum(shared) / nearest.size
        if recall >= RECALL or ef >= LARGEST_EF:
            break
        ef = 5 * ef // 4
    note = f"hnswlib: recall {recall:.3f} at ef {ef}, built in {seconds:.0f} s"
    serve(search, versions={"hnswlib": version("hnswlib")}, note=note)


main()
