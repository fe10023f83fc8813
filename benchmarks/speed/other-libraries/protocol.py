"""The contestant's side of the protocol: lines of JSON behind `@speed `, see contestant.ts."""

import importlib
import json
import os
import resource
import sys
import time

REMEDY = (
    "python3 -m venv output/other-libraries && output/other-libraries/bin/pip install -r benchmarks/speed/other-libraries/requirements.txt,"
    " then SPEED_PYTHON=output/other-libraries/bin/python"
)


def say(**line):
    print("@speed " + json.dumps(line), flush=True)


def need(name):
    """A module by name; without it the contestant says what is missing, and ends."""
    try:
        return importlib.import_module(name)
    except (ImportError, OSError, ValueError) as error:
        say(missing=f"Python's {name} ({error})".splitlines()[0], remedy=REMEDY)
        sys.exit(1)


def settings():
    return json.loads(sys.argv[1])


# Seconds passed, or with `--cpu-time` those that this process's threads have computed.
clock = time.process_time if os.environ.get("SPEED_CPU_TIME") else time.perf_counter


def serve(run, unit="ms", **facts):
    """Does the work whenever it is asked for, and tells what it took; ends with its input."""
    say(ready=True, **facts)
    for _ in sys.stdin:
        started = clock()
        run()
        taken = 1000 * (clock() - started)
        # Kilobytes on Linux.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        say(value=taken if unit == "ms" else peak)
