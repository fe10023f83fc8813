"""One run in a process of its own, so that its memory and its end are its own."""

import json
import os
import resource
import time
import warnings

from films import films, normalized

# Five minutes of two threads, as processor time: a busy machine takes none of it away.
BUDGET_S = 600
PARTS = ("val", "test")


def carry_out(tool, plan, data, path):
    """Fits, scores and writes the record to `path`; a run that uses up the budget is ended and says so.

    `plan`: data, size, tool, normalization, setting, seed and `test`, whether the test set is read at all.
    """
    load = os.getloadavg()[0]
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _child(tool, plan, data, path, load)
            status = 0
        finally:
            os._exit(status)
    _, status, usage = os.wait4(child, 0)
    if not path.exists():
        used = usage.ru_utime + usage.ru_stime
        why = "cut off at the budget" if os.WIFSIGNALED(status) else f"ended with status {status}"
        _write(path, {**plan, "failed": why, "cpu_s": round(used, 1)})
    record = json.loads(path.read_text())
    # Kilobytes on Linux; the libraries that it was forked with count.
    record["peak_mb"] = round(usage.ru_maxrss / 1024)
    _write(path, record)
    return record


def _child(tool, plan, data, path, load):
    import numpy as np
    import torch

    warnings.filterwarnings("ignore")
    resource.setrlimit(resource.RLIMIT_CPU, (int(1.3 * BUDGET_S), int(1.4 * BUDGET_S)))
    torch.set_num_threads(2)
    # Some tools draw from the global generator whatever seed they are given.
    np.random.seed(plan["seed"])
    torch.manual_seed(plan["seed"])

    def part(name):
        pixels, labels = films(plan["data"], name, plan["size"], data)
        return normalized(pixels, plan["normalization"]), labels

    train, _ = part("train")
    parts = {name: part(name) for name in PARTS if name == "val" or plan["test"]}
    budget = {"budget_s": BUDGET_S} if tool.package == "anomalib" else {}
    record = {**plan, "load": round(load, 1)}
    try:
        (score, fit_s, fit_cpu_s) = _timed(
            lambda: tool.function()(train, seed=plan["seed"], setting=plan["setting"], **budget)
        )
        record |= {"train": len(train), "fit_s": fit_s, "fit_cpu_s": fit_cpu_s}
        record["cut_off"] = getattr(score, "cut_off", None)
        for name, (pixels, labels) in parts.items():
            scores, wall, cpu = _timed(lambda: score(pixels))
            record[name] = {"scores": [float(s) for s in scores], "labels": labels.tolist()}
            record[name] |= {"ms_per_film": 1000 * wall / len(pixels)}
            record[name] |= {"cpu_ms_per_film": 1000 * cpu / len(pixels)}
            if not np.isfinite(scores).all():
                raise ValueError("scores that are not finite")
    except Exception as error:  # noqa: BLE001 - whatever a tool throws is its result
        record = {**plan, "failed": f"{type(error).__name__}: {str(error).splitlines()[0]}"}
    _write(path, record)


def _timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def _write(path, record):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(record))
    part.replace(path)
