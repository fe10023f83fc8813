"""The films of a data set in the library's own splits, and their normalisation."""

import hashlib
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import uniform_filter

EXAMPLE = Path(__file__).parents[3] / "examples/data/chest-xray/cxr_pneumonia_64.npz"
FOLDERS = {"nih-cxr": "nih-cxr/256", "knee": "knee/128"}
DATA_SETS = ("cxr-pneumonia", *FOLDERS, "pneumoniamnist")


def films(data_set, part, size, data):
    """Pixels [n, size, size] in [0, 1] and labels (1 = abnormal) of `train`, `val` or `test`.

    `train` is the normal films alone: these tools take no labels, so the known anomalies are left out. PneumoniaMNIST
    stays at its 28 px; every second film of either class of its validation part is the test set.
    """
    if data_set == "cxr-pneumonia":
        images, labels = _npz(EXAMPLE, part)
    elif data_set == "pneumoniamnist":
        path = Path(data) / "pneumoniamnist/pneumoniamnist_trainval.npz"
        images, labels = _npz(path, "train" if part == "train" else "val")
        if part != "train":
            kept = [np.flatnonzero(labels == label)[int(part == "test") :: 2] for label in (0, 1)]
            chosen = np.sort(np.concatenate(kept))
            images, labels = images[chosen], labels[chosen]
    else:
        images, labels = _folder(Path(data) / FOLDERS[data_set] / part)
    if part == "train":
        images, labels = images[labels == 0], labels[labels == 0]
    pixels = images.astype(np.float32) / 255
    return (pixels if data_set == "pneumoniamnist" else _box_averaged(pixels, size)), labels


def identity(data_set, data):
    """SHA-256 of a data set's files, so that a result names what it was made from."""
    if data_set == "cxr-pneumonia":
        paths = [EXAMPLE]
    elif data_set == "pneumoniamnist":
        paths = [Path(data) / "pneumoniamnist/pneumoniamnist_trainval.npz"]
    else:
        paths = sorted((Path(data) / FOLDERS[data_set]).rglob("*.png"))
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def normalized(pixels, name):
    """`plain`: as they are. `localContrast`: the library's, with its default radius; in [-1.5, 1.5]."""
    if name == "plain":
        return pixels
    radius = max(1, int(6 * min(pixels.shape[1:]) / 32 + 0.5))
    x = pixels.astype(np.float64)
    deviation = x - _box_mean(x, radius)
    contrast = deviation / (np.sqrt(_box_mean(deviation**2, radius).clip(0)) + 0.05)
    return (0.5 * contrast).clip(-1.5, 1.5).astype(np.float32)


def _box_mean(x, radius):
    """The border mirrored without its edge pixel; films are not mixed."""
    return uniform_filter(x, size=(1, 2 * radius + 1, 2 * radius + 1), mode="mirror")


def _npz(path, part):
    with np.load(BytesIO(Path(path).read_bytes())) as arrays:
        return arrays[f"{part}_images"], arrays[f"{part}_labels"].ravel().astype(int)


def _folder(path):
    files = [(0, p) for p in sorted((path / "normal").glob("*.png"))]
    files += [(1, p) for p in sorted((path / "abnormal").glob("*.png"))]
    images = np.stack([np.asarray(Image.open(p).convert("L")) for _, p in files])
    return images, np.array([label for label, _ in files])


def _box_averaged(pixels, size):
    count, height, width = pixels.shape
    if height % size or width % size:
        raise SystemExit(f"films of {height} x {width} cannot be box-averaged to {size}")
    return pixels.reshape(count, size, height // size, size, width // size).mean((2, 4))
