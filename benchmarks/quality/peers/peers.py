"""What the Python tools that a user would pick instead reach on the library's own splits.

    python3 -m venv output/quality-peers/env
    output/quality-peers/env/bin/pip install -r benchmarks/quality/peers/requirements.txt
    output/quality-peers/env/bin/python benchmarks/quality/peers/peers.py

Every tool is run as it is shipped, on plain pixels and on the library's `localContrast`, and with the setting and
normalisation of highest validation AUC. Runs are kept under output/quality-peers: a stopped table goes on where it stopped.
Writes peers.json and peers.md beside this file (with the data set and size in their names unless they are the first).
"""

import argparse
import hashlib
import json
import os

# Before numpy and torch are loaded. Waiting threads sleep, or a busy machine would count their spinning as work.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "2"
os.environ |= {"OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}

from importlib import import_module  # noqa: E402
from pathlib import Path  # noqa: E402

from films import DATA_SETS  # noqa: E402
from intervals import auc  # noqa: E402
from run import carry_out  # noqa: E402
from table import write  # noqa: E402
from tools import TOOLS  # noqa: E402

NORMALIZATIONS = ("plain", "localContrast")
ROOT = Path(__file__).parents[3]


def main():
    options = parsed()
    tools = [tool for tool in TOOLS if not options.tools or tool.name in options.tools]
    if not options.report:
        preload(tools)
        for tool in tools:
            results_of(tool, options)
    # The tables hold every run there is, also of tools that were not asked for now.
    options.report = True
    write({tool.name: results_of(tool, options) for tool in TOOLS}, TOOLS, options)


def results_of(tool, options):
    """Records of the tool as shipped, on either normalisation, and as validation chose it."""
    seeds = range(1, 1 + (options.seeds if tool.random else 1))

    def runs(normalization, setting, test, seeds=seeds):
        plans = [
            {
                "data": options.data,
                "size": options.size,
                "tool": tool.name,
                "normalization": normalization,
                "setting": setting,
                "seed": seed,
                "test": test,
            }
            for seed in seeds
        ]
        return [record for plan in plans if (record := recorded(tool, plan, options))]

    def shown(normalization, setting):
        return {
            "normalization": normalization,
            "setting": setting,
            "records": runs(normalization, setting, test=True),
        }

    shipped = tool.settings[0]
    result = {"shipped": [shown(name, shipped) for name in NORMALIZATIONS]}
    tried = []
    for normalization in NORMALIZATIONS:
        for setting in tool.settings:
            # What is shipped is fixed beforehand, so its test scores are there already; only `val` is looked at.
            known = setting == shipped
            for record in runs(normalization, setting, test=known, seeds=seeds[:1]):
                area = None if "failed" in record else auc(record["val"]["scores"], record["val"]["labels"])
                tried.append({"normalization": normalization, "setting": setting, "auc": area})
                if area is None:
                    tried[-1]["failed"] = record["failed"]
    result["tried"] = tried
    complete = len(tried) == len(NORMALIZATIONS) * len(tool.settings)
    choice = chosen(tried) if complete else None
    result["chosen"] = choice and shown(**choice)
    return result


def chosen(tried):
    """Normalisation and setting of the highest validation AUC, the earlier one at a tie; test scores never come here."""
    best = max((one for one in tried if one["auc"] is not None), key=lambda one: one["auc"], default=None)
    return best and {"normalization": best["normalization"], "setting": best["setting"]}


def recorded(tool, plan, options):
    """The record of a run, carried out unless it is there; `--report` carries nothing out."""
    name = hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()[:16]
    path = Path(options.out) / "runs" / f"{name}.json"
    if path.exists():
        return json.loads(path.read_text())
    if options.report:
        return None
    record = carry_out(tool, plan, options.data_folder, path)
    seen = {key: plan[key] for key in ("tool", "normalization", "setting", "seed")}
    print(json.dumps(seen), record.get("failed") or f"{record['fit_cpu_s']:.1f} s", flush=True)
    return record


def preload(tools):
    """Runs are forked from this process: what is imported here costs them no time."""
    for name in ("sklearn.ensemble", "sklearn.metrics", "sklearn.svm", "torch._dynamo", "torch.utils.data"):
        import_module(name)
    for name in ("auto_encoder", "deep_svdd", "ecod", "knn", "lof"):
        import_module(f"pyod.models.{name}")
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
    parser.add_argument("--data", choices=DATA_SETS, default="cxr-pneumonia")
    parser.add_argument("--data-folder", help="the folder of nih-cxr, knee and pneumoniamnist")
    parser.add_argument("--size", type=int, default=32, help="height and width, pixels")
    parser.add_argument("--seeds", type=int, default=3, help="of tools that draw")
    parser.add_argument("--tools", nargs="*", help="some of them by name")
    parser.add_argument("--report", action="store_true", help="carry nothing out, write what is there")
    parser.add_argument("--against", help="folder of the library's run records: paired differences")
    parser.add_argument("--out", default=str(ROOT / "output/quality-peers"))
    return parser.parse_args()


main()
