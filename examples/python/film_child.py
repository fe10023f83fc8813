"""A process for films that may end it: what a decoder's crash or a lack of memory kills is then this process, and no worker."""
import json
import os
import sys
from subprocess import PIPE, Popen

PROGRAM = [sys.executable, __file__]
TRIES = 2


def rows_apart(run, films, threads, program=None):
    """A row for each film, which a process of its own scores; one at which it ends twice is named."""
    child = None
    for film in films:
        for _ in range(TRIES):
            child = child or started(run, threads, program or PROGRAM)
            row = answer(child, film)
            if row:
                break
            child = ended(child)
        yield row or {**film, "model_hash": run.model_hash, "error": f"WORKER_ENDED: a process ended while it scored this film, {TRIES} times"}
    ended(child)


def started(run, threads, program):
    child = Popen(program, stdin=PIPE, stdout=PIPE, text=True)
    say(child, {"run": vars(run), "threads": threads})
    return child


def answer(child, film):
    """None where the process ends at it."""
    say(child, film)
    line = child.stdout.readline()
    return json.loads(line) if line.endswith("\n") else None


def say(child, what):
    try:
        print(json.dumps(what), file=child.stdin, flush=True)
    except BrokenPipeError:
        pass  # the missing answer tells


def ended(child):
    if child:
        child.kill()
        child.communicate()


def serve(make):
    """Answers films by their rows, a line each, until there are no more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a decoder prints is no answer
    lines = map(json.loads, sys.stdin)
    scorer = make(**next(lines))
    for film in lines:
        print(json.dumps(scorer.row(film)), file=answers, flush=True)


def scorer_of(run, threads):
    from film_chunks import Run
    from film_row import FilmScorer

    return FilmScorer(Run.again(run), threads)


if __name__ == "__main__":
    serve(scorer_of)
