"""Greedy k-centre in numpy, float32: one product of all rows with each centre, as it is usually written."""

from pathlib import Path

from protocol import need, serve, settings

np = need("numpy")

DIM = 152


def k_center(rows, count, first):
    """Rows, each the one farthest from those chosen before; no row twice."""
    squares = np.einsum("ij,ij->i", rows, rows)
    nearest = np.full(len(rows), np.inf, np.float32)
    chosen = [first]
    while len(chosen) < count:
        center = chosen[-1]
        apart = squares - 2 * (rows @ rows[center]) + squares[center]
        np.minimum(nearest, apart, out=nearest)
        nearest[center] = -np.inf
        chosen.append(int(nearest.argmax()))
    return np.array(chosen, np.int32)


def main():
    given = settings()
    folder = Path(given["folder"])
    rows = np.fromfile(folder / "cells.bin", "<f4").reshape(-1, DIM)

    def run():
        k_center(rows, given["count"], 0).tofile(folder / "chosen-numpy.bin")

    serve(run, versions={"numpy": np.__version__})


main()
