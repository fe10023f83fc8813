"""What the runs of a data set leave: results/DATA-SET.json."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

from run import BUDGET_S
from sklearn.metrics import roc_auc_score

HERE = Path(__file__).parent
PACKAGES = ("pyod", "scikit-learn", "anomalib", "torch", "torchvision", "lightning", "numpy", "scipy")


def auc(part):
    return float(roc_auc_score(part["labels"], part["scores"]))


def write_results(name, data_hash, found):
    """`found`: of each tool the runs that were tried, and those of its columns."""
    records = [record for _, _, columns in found for runs in columns.values() for record in runs]
    good = [record for record in records if "failed" not in record]
    if not good:
        return
    document = {
        "dataSet": name,
        "dataHash": data_hash,
        "budgetCpuSeconds": BUDGET_S,
        "versions": {package: version(package) for package in PACKAGES} | {"Python": platform.python_version()},
        "machine": {"processor": _processor(), "cores": os.cpu_count(), "threads": 1},
        "labels": {part: good[0][part]["labels"] for part in ("val", "test")},
        "tools": [
            {
                "name": tool.name,
                "package": tool.package,
                "random": tool.random,
                "note": tool.note,
                "complete": len(tried) == 2 * len(tool.settings),
                "tried": [_tried(record) for record in tried],
                "columns": {column: [_run(record) for record in runs] for column, runs in columns.items() if runs},
            }
            for tool, tried, columns in found
        ],
    }
    path = HERE / "results" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(document, separators=(",", ":")) + "\n")
    part.replace(path)


def _tried(record):
    shown = {key: record[key] for key in ("normalization", "setting")}
    if "failed" in record:
        return {**shown, "failed": record["failed"]}
    return {**shown, "validationAuc": auc(record["val"]), **_taken(record)}


def _run(record):
    shown = {key: record[key] for key in ("normalization", "setting", "seed", "peakMemory")}
    if "failed" in record:
        return {**shown, "failed": record["failed"]}
    scores = {part: record[part]["scores"] for part in ("val", "test")}
    scoring = {key: record["test"][key] for key in ("seconds", "cpuSeconds")}
    return {**shown, **_taken(record), "scoring": scoring, "load": record["load"], **scores}


def _taken(record):
    return {"fit": record["fit"], "epochs": record["epochs"], "stopped": record["stopped"]}


def _processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()
