"""peers.json and peers.md."""

import json
import platform
from importlib.metadata import version
from pathlib import Path

from films import identity
from intervals import auc, auc_with_interval, average_precision
from run import BUDGET_S
from tools import LEFT_OUT

HERE = Path(__file__).parent
PACKAGES = ("pyod", "scikit-learn", "anomalib", "torch", "torchvision", "lightning", "numpy", "scipy")
# One more than the threads of a run: above it others computed too.
BUSY = 3
PAIRED = [
    "",
    "*SALAD less this*: mean test AUC of SALAD's three seeds in [chest-xray.md](../chest-xray.md) (normals only; settings and epoch chosen",
    "on validation) less that of this row, on the same films; 95% interval of a paired bootstrap. Like stands against like in the",
    "validation-chosen rows alone, where SALAD had more settings and 30 checkpoints to choose from.",
]


def write(results, tools, options):
    """Replaces both files with what is there; a tool of which nothing is there is named as not run."""
    ours = _ours(options.against)
    notes = {tool.name: tool.note for tool in tools if tool.note}
    rows = [row for tool in tools for row in _rows(tool, results[tool.name], ours)]
    facts = {
        "command": f"benchmarks/quality/peers/peers.py --data {options.data} --size {options.size} --seeds {options.seeds}"
        + (f" --against {options.against}" if options.against else ""),
        "dataHash": identity(options.data, options.data_folder),
        "versions": {name: version(name) for name in PACKAGES} | {"Python": platform.python_version()},
        "machine": f"{_processor()}, 2 threads",
        "budgetCpuSeconds": BUDGET_S,
        "notes": notes,
    }
    tried = {name: result["tried"] for name, result in results.items()}
    first = (options.data, options.size) == ("cxr-pneumonia", 32)
    stem = "peers" if first else f"peers-{options.data}-{options.size}"
    document = {**facts, "rows": rows, "tried": tried}
    (HERE / f"{stem}.json").write_text(json.dumps(document, indent=1) + "\n")
    (HERE / f"{stem}.md").write_text(_markdown(facts, rows, results, tools, options, bool(ours)))


def _rows(tool, result, ours):
    choices = [("as shipped", one) for one in result["shipped"]]
    choices += [("validation-chosen", result["chosen"])]
    for column, choice in choices:
        if not choice or not choice["records"]:
            continue
        row = {"tool": tool.name, "column": column}
        row |= {"normalization": choice["normalization"], "setting": choice["setting"]}
        records = [record for record in choice["records"] if "failed" not in record]
        if not records:
            yield {**row, "failed": choice["records"][0]["failed"]}
            continue
        labels = {part: records[0][part]["labels"] for part in ("val", "test")}
        scores = {part: [record[part]["scores"] for record in records] for part in labels}
        row |= {"seeds": len(records), "load": max(record["load"] for record in records)}
        for part in labels:
            areas = [auc(one, labels[part]) for one in scores[part]]
            row[part] = {
                "auc": auc_with_interval(scores[part], labels[part]),
                "aucs": areas,
                "averagePrecision": average_precision(scores[part], labels[part]),
                "prevalence": sum(labels[part]) / len(labels[part]),
                "distinctScores": min(len(set(one)) for one in scores[part]),
            }
            if ours and len(ours[part][0]) == len(labels[part]):
                row[part]["saladLessThis"] = auc_with_interval(ours[part], labels[part], scores[part])
        for name, value in {
            "fitSeconds": lambda r: r["fit_s"],
            "fitCpuSeconds": lambda r: r["fit_cpu_s"],
            "scoreMsPerFilm": lambda r: r["test"]["ms_per_film"],
            "scoreCpuMsPerFilm": lambda r: r["test"]["cpu_ms_per_film"],
            "peakMb": lambda r: r["peak_mb"],
        }.items():
            row[name] = sum(map(value, records)) / len(records)
        row["cutOffAfterEpochs"] = [r["cut_off"] for r in records if r["cut_off"]]
        yield row


def _markdown(facts, rows, results, tools, options, paired):
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    lines = [
        f"# Python's tools on {options.data}, {options.size} px",
        "",
        f"`python {facts['command']}` (peers.py says how to install). {versions}. {facts['machine']}. Data: SHA-256 {facts['dataHash'][:16]}.",
        "",
        "Trained on the normal films of the training part; known anomalies are left out, since these tools take no labels. Mean over",
        "seeds with the 95% interval of a bootstrap over films, +- the standard deviation over seeds where a tool draws. *As shipped*: the",
        "default settings. *Validation-chosen*: normalisation and setting of highest validation AUC at seed 1, of all those under",
        "[Tried](#tried); its validation AUC is therefore optimistic. The test set takes no part in any choice.",
        "",
        f"Times are processor time of two threads; budget {facts['budgetCpuSeconds']} s of it a run (5 minutes of two cores). Wall time in peers.json;",
        f"a star marks runs on a machine that was busy with other work (load above {BUSY}), whose wall times mean little and whose",
        "processor times are somewhat too long. Memory: peak of the process, libraries included.",
        *(PAIRED if paired else []),
        "",
        "| tool | settings | images | validation AUC | test AUC | test AUPRC (prevalence) | distinct scores | fit, s | score, ms a film | memory, MB |"
        + (" SALAD less this, test |" if paired else ""),
        "|---|---|---|---|---|---|---|---|---|---|" + ("---|" if paired else ""),
    ]
    lines += [_line(row, paired) for row in rows]
    not_run = [tool.name for tool in tools if not any(row["tool"] == tool.name for row in rows)]
    incomplete = [
        tool.name
        for tool in tools
        if tool.name not in not_run and not results[tool.name]["chosen"] and len(tool.settings) > 1
    ]
    if not_run:
        lines += ["", f"Not run: {', '.join(not_run)}."]
    if incomplete:
        lines += ["", f"As shipped only, the choice of settings not finished: {', '.join(incomplete)}."]
    lines += ["", *[f"- {name}: {note}." for name, note in facts["notes"].items()]]
    lines += ["", "Models of anomalib that are not here:", ""]
    lines += [f"- {names}: they {why}." for why, names in LEFT_OUT.items()]
    lines += ["", "## Tried", "", "Validation AUC at seed 1.", "", "| tool | setting | plain | localContrast |", "|---|---|---|---|"]
    for tool in tools:
        for setting in tool.settings:
            cells = [
                next(
                    (_tried(one) for one in results[tool.name]["tried"] if (one["normalization"], one["setting"]) == (name, setting)),
                    "not run",
                )
                for name in ("plain", "localContrast")
            ]
            if set(cells) != {"not run"}:
                lines.append(f"| {tool.name} | {_setting(setting)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _line(row, paired):
    head = f"| {row['tool']} | {row['column']}: {_setting(row['setting'])} | {row['normalization']} |"
    if "failed" in row:
        return f"{head} {row['failed']} |" + " |" * (6 + paired)
    busy = "*" if row["load"] > BUSY else ""
    test = row["test"]
    cells = [
        _area(row["val"]),
        _area(test),
        f"{test['averagePrecision']:.3f} ({test['prevalence']:.2f})",
        str(test["distinctScores"]),
        f"{row['fitCpuSeconds']:.1f}{busy}" + "".join(f", cut off after {n} epochs" for n in row["cutOffAfterEpochs"][:1]),
        f"{row['scoreCpuMsPerFilm']:.2f}{busy}",
        f"{row['peakMb']:.0f}",
    ]
    if paired:
        cells.append(_interval(test["saladLessThis"], "+.3f"))
    return f"{head} {' | '.join(cells)} |"


def _tried(one):
    return one.get("failed") or f"{one['auc']:.3f}"


def _area(part):
    spread = ""
    if len(part["aucs"]) > 1:
        mean = sum(part["aucs"]) / len(part["aucs"])
        variance = sum((area - mean) ** 2 for area in part["aucs"]) / (len(part["aucs"]) - 1)
        spread = f" +- {variance**0.5:.3f}"
    return _interval(part["auc"], ".3f") + spread


def _interval(three, form):
    estimate, lower, upper = (format(value, form) for value in three)
    return f"{estimate} [{lower}, {upper}]"


def _setting(setting):
    return ", ".join(f"{name} {value}" for name, value in setting.items()) or "default"


def _processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()


def _ours(folder):
    """Scores of SALAD trained on normal films alone, film by film, from the records of chest-xray.ts."""
    if not folder:
        return None
    records = [json.loads(p.read_text()) for p in sorted(Path(folder).glob("full-0pct-32px-seed*.json"))]
    parts = {"val": "validation", "test": "test"}
    return {part: [record[name]["angular"] for record in records] for part, name in parts.items()}
