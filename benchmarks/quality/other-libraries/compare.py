"""What the Python tools that a user would pick instead reach on the library's own splits.

    python3 -m venv output/quality-other-libraries/env
    output/quality-other-libraries/env/bin/pip install -r benchmarks/quality/other-libraries/requirements.txt
    SALAD_AD_DATA=FOLDER output/quality-other-libraries/env/bin/python benchmarks/quality/other-libraries/compare.py

SALAD_AD_DATA is the folder of the sets that the repository does not hold (`--data cxr-pneumonia` needs none). Every tool
is run as it is shipped, on plain pixels and on the library's `localContrast`, and with the setting and normalisation of
highest validation AUC at the first seed. Runs are kept under output/quality-other-libraries: a stopped command goes on where it stopped.
Writes results/DATA-SET.json and other-libraries.md beside this file.
"""

import argparse
import hashlib
import json
import os
import subprocess

# Before numpy and torch are loaded.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
os.environ |= {"HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}

from importlib import import_module  # noqa: E402
from pathlib import Path  # noqa: E402

from films import DATA_SETS, ROOT, facts, write_films  # noqa: E402
from results import auc, write_results  # noqa: E402
from run import carry_out  # noqa: E402
from tools import TOOLS  # noqa: E402

NORMALIZATIONS = ("plain", "localContrast")


def main():
    options = parsed()
    tools = [tool for tool in TOOLS if not options.tools or tool.name in options.tools]
    write_films(options.films, options.data)
    if not options.report:
        preload(tools)
        for tool in tools:
            # Every data set's first seed before the others: what takes long is then tried on every set early.
            for name in options.data:
                tried(tool, name, options)
            for name in options.data:
                columns(tool, name, options)
                report(name, options)
    for name in options.data:
        report(name, options)
    subprocess.run(["npx", "tsx", str(Path(__file__).with_name("report.ts")), options.films], check=True, cwd=ROOT)


def report(name, options):
    """The results hold every run there is, also of tools that were not asked for now."""
    reading = argparse.Namespace(**{**vars(options), "report": True})
    found = [(tool, tried(tool, name, reading), columns(tool, name, reading)) for tool in TOOLS]
    write_results(name, facts(options.films, name)[0], found)


def tried(tool, name, options):
    """Both normalisations with every setting, at the first seed."""
    return [
        record
        for normalization in NORMALIZATIONS
        for setting in tool.settings
        # What is shipped is fixed beforehand, so its test films are scored at once; other settings score `val` alone.
        if (record := recorded(tool, name, normalization, setting, 1, setting == tool.settings[0], options))
    ]


def columns(tool, name, options):
    """Runs of the tool as shipped, on either normalisation, and as validation chose it."""
    _, _, seeds = facts(options.films, name)

    def runs(normalization, setting):
        records = [
            recorded(tool, name, normalization, setting, seed, True, options)
            for seed in (seeds if tool.random and not tool.first_seed_alone else seeds[:1])
        ]
        return [record for record in records if record]

    shipped = {name: runs(name, tool.settings[0]) for name in NORMALIZATIONS}
    choice = chosen(tool, tried(tool, name, options))
    return {**shipped, "chosen": runs(*choice) if choice else []}


def chosen(tool, records):
    """Normalisation and setting of the highest validation AUC, the earlier one at a tie; test scores never come here."""
    good = [record for record in records if "failed" not in record]
    if len(records) < len(NORMALIZATIONS) * len(tool.settings) or not good:
        return None
    best = max(good, key=lambda record: auc(record["val"]))
    return best["normalization"], best["setting"]


def recorded(tool, name, normalization, setting, seed, test, options):
    """The run's record, carried out now unless it is there or was not asked for."""
    plan = {
        "data": name,
        "hash": facts(options.films, name)[0],
        "tool": tool.name,
        "normalization": normalization,
        "setting": setting,
        "seed": seed,
        "test": test,
    }
    digest = hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()[:16]
    path = Path(options.out) / "runs" / f"{digest}.json"
    if path.exists():
        return json.loads(path.read_text())
    if options.report:
        return None
    record = carry_out(tool, plan, options.films, path)
    taken = record.get("failed") or f"{record['fit']['cpuSeconds']:.1f} s"
    print(name, tool.name, normalization, json.dumps(setting), f"seed {seed}: {taken}", flush=True)
    return record


def preload(tools):
    """Runs are forked from this process: what is imported here costs them no time."""
    import numpy as np
    from pyod.utils.stat_models import pairwise_distances_no_broadcast

    for name in ("sklearn.ensemble", "sklearn.metrics", "sklearn.svm", "torch._dynamo", "torch.utils.data"):
        import_module(name)
    for name in ("auto_encoder", "deep_svdd", "ecod", "knn", "lof"):
        import_module(f"pyod.models.{name}")
    # Compiled once for all.
    row = np.zeros((1, 1), np.float32)
    pairwise_distances_no_broadcast(row, row)
    for tool in tools:
        tool.function()
    if any(tool.package == "anomalib" for tool in tools):
        import logging

        import anomalib.models.image  # noqa: F401
        import lightning.pytorch  # noqa: F401

        for name in ("lightning.pytorch", "anomalib"):
            logging.getLogger(name).setLevel(logging.ERROR)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", nargs="*", choices=DATA_SETS, default=DATA_SETS)
    parser.add_argument("--tools", nargs="*", help="some of them by name")
    parser.add_argument("--report", action="store_true", help="carry nothing out, write what is there")
    parser.add_argument("--out", default=str(ROOT / "output/quality-other-libraries"))
    options = parser.parse_args()
    options.films = str(Path(options.out).resolve() / "films")
    return options


main()
