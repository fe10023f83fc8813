"""The films of a data set as the library's tiers open them, and their normalisation."""

import json
import subprocess
from pathlib import Path

import numpy as np
from scipy.ndimage import uniform_filter

DATA_SETS = ("cxr-pneumonia", "nih-cxr", "knee", "pneumoniamnist")
ROOT = Path(__file__).parents[3]


def write_films(folder, names):
    """Those that are not there."""
    script = str(Path(__file__).with_name("films.ts"))
    missing = [name for name in names if not (Path(folder) / name / "experiment.json").exists()]
    if missing:
        subprocess.run(["npx", "tsx", script, folder, *missing], check=True, cwd=ROOT)


def facts(folder, name):
    """The data set's hash, its size in pixels and the seeds of its tier."""
    experiment = json.loads((Path(folder) / name / "experiment.json").read_text())
    config = experiment["config"]
    return experiment["data"][name]["hash"], config["inputShape"][0], config["seeds"]


def films(folder, name, part):
    """Pixels [n, size, size] in [0, 1] and labels (1 = abnormal) of `train`, `val` or `test`.

    `train` is the normal films alone: these tools take no labels, so the known anomalies are left out.
    """
    path = Path(folder) / name
    return np.load(path / f"{part}.npy"), np.load(path / f"{part}-labels.npy").astype(int)


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
