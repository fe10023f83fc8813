"""One run in a process of its own, so that its memory and its end are its own."""

import json
import os
import resource
import signal
import time
import warnings

from films import films, normalized

# Five minutes of one thread, as processor time: a busy machine takes none of it away.
BUDGET_S = 300
PARTS = ("val", "test")


def carry_out(tool, plan, folder, path):
    """Fits, scores and writes the record to `path`; a run that was ended says how.

    `plan`: data, hash, tool, normalization, setting, seed and `test`, whether the test set is read at all.
    """
    load = os.getloadavg()[0]
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _child(tool, plan, folder, path, load)
            status = 0
        finally:
            os._exit(status)
    _, status, usage = os.wait4(child, 0)
    if not path.exists():
        used = usage.ru_utime + usage.ru_stime
        why = _ending(status, usage)
        _write(path, {**plan, "failed": why, "cpuSeconds": round(used, 1)})
    record = json.loads(path.read_text())
    # Kilobytes on Linux; the libraries that it was forked with count.
    record["peakMemory"] = usage.ru_maxrss * 1024
    _write(path, record)
    return record


def _ending(status, usage):
    if not os.WIFSIGNALED(status):
        return f"ended with status {status}"
    name = signal.Signals(os.WTERMSIG(status)).name
    if name == "SIGXCPU":
        return "far beyond the budget"
    # What Linux does for want of memory is a SIGKILL; so is what others may do.
    return f"ended by {name} with {usage.ru_maxrss / 2**20:.1f} GiB in use"


def _child(tool, plan, folder, path, load):
    import numpy as np
    import torch

    warnings.filterwarnings("ignore")
    # What learns in epochs stops by itself; what does not is ended.
    resource.setrlimit(resource.RLIMIT_CPU, (3 * BUDGET_S, 3 * BUDGET_S + 60))
    torch.set_num_threads(1)
    # Some tools draw from the global generator whatever seed they are given.
    np.random.seed(plan["seed"])
    torch.manual_seed(plan["seed"])

    def part(name):
        pixels, labels = films(folder, plan["data"], name)
        return normalized(pixels, plan["normalization"]), labels

    train, _ = part("train")
    parts = {name: part(name) for name in PARTS if name == "val" or plan["test"]}
    budget = {"budget_s": BUDGET_S} if tool.package == "anomalib" else {}
    record = {**plan, "load": round(load, 1)}
    try:
        score, record["fit"] = _timed(
            lambda: tool.function()(train, seed=plan["seed"], setting=plan["setting"], **budget)
        )
        record |= {"epochs": getattr(score, "epochs", None), "stopped": getattr(score, "stopped", False)}
        for name, (pixels, labels) in parts.items():
            scores, taken = _timed(lambda: score(pixels))
            if not np.isfinite(scores).all():
                raise ValueError("scores that are not finite")
            record[name] = {"scores": [float(f"{s:.7g}") for s in scores], "labels": labels.tolist(), **taken}
    except Exception as error:  # noqa: BLE001 - whatever a tool throws is its result
        record = {**plan, "failed": f"{type(error).__name__}: {str(error).splitlines()[0]}"}
    _write(path, record)


def _timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    taken = {"seconds": time.perf_counter() - wall, "cpuSeconds": time.process_time() - cpu}
    return result, {name: round(value, 4) for name, value in taken.items()}


def _write(path, record):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(record))
    part.replace(path)
