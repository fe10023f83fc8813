"""Films in chunks that any worker can score, and a manifest by which a run is stopped, resumed, retried and joined.

A chunk is finished when its Parquet file lies in OUT/chunks under its own name: it is written beside and renamed, so that it is there
as a whole or not at all. A finished chunk is not done again, nor is a film of one. A chunk that was begun and has no file is done again, by
whichever worker gets it: film by film in a process apart, so that a film that ends its process ends no other worker, and is named.

One row a film: name, score, p_value, verdict, error, file_hash, model_hash, size, modified.
"""
import json
import os
import socket
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from film_child import rows_apart
from film_names import names_in
from film_recipe import recipe_in
from film_refused import Refused
from film_row import COLUMNS, FilmScorer, hash_of

NUMBERS = {"score": pa.float32(), "p_value": pa.float64(), "size": pa.int64(), "modified": pa.int64()}
SCHEMA = pa.schema([(column, NUMBERS.get(column, pa.string())) for column in COLUMNS])


class Run:
    """Films, a model's file and a folder for what comes of them. Plain values: it can be sent to any worker."""

    def __init__(self, model, films, out, recipe=None):
        self.model, self.films, self.out = (os.path.abspath(path) for path in (model, films, out))
        told = json.dumps(recipe, sort_keys=True).encode() if recipe else b""
        self.model_hash = hash_of(Path(model).read_bytes() + told)
        self.attempt = ""
        try:
            self.recipe = recipe_in(self.model, recipe)
        except Refused as error:
            raise SystemExit(str(error)) from None
        for folder in ("chunks", "begun"):
            os.makedirs(os.path.join(out, folder), exist_ok=True)

    @classmethod
    def again(cls, values):
        """In another process."""
        run = cls.__new__(cls)
        vars(run).update(values)
        return run

    def path_of(self, name):
        """Where a film lies; paths of a table begin at its folder."""
        return os.path.join(self.films if os.path.isdir(self.films) else os.path.dirname(self.films), name)

    def table(self):
        """The rows of all finished chunks that this model made."""
        files = sorted(Path(self.out, "chunks").glob("*.parquet"))
        table = pa.concat_tables([SCHEMA.empty_table(), *(pq.read_table(file) for file in files)])
        return table.filter(pc.equal(table["model_hash"], self.model_hash))

    def chunks(self, size=64, retry=False):
        """What is left to do: lists of films. A film whose file has changed is left too; with `retry`, one that had an error."""
        table = self.table()
        if retry:
            self.attempt = str(time.time_ns())  # the same films are another chunk now
            table = table.filter(pc.is_null(table["error"]))
        done = set(zip(*(table[column].to_pylist() for column in ("name", "size", "modified"))))
        left = [film for film in map(self.film, names_in(self.films)) if tuple(film.values()) not in done]
        return [left[start : start + size] for start in range(0, len(left), size)]

    def film(self, name):
        try:
            name.encode()
            state = os.stat(self.path_of(name))
            return {"name": name, "size": state.st_size, "modified": state.st_mtime_ns}
        except UnicodeEncodeError:  # no table can hold it: it is shown as it can be, and is not found
            name = name.encode(errors="surrogateescape").decode(errors="backslashreplace")
        except (OSError, ValueError):
            pass
        return {"name": name, "size": -1, "modified": -1}

    def join(self):
        """Writes OUT/scores.parquet: every film of the run once, in order. Fails where one is missing."""
        latest = {(row["name"], row["size"], row["modified"]): row for row in by_success(self.table().to_pylist())}
        films = [self.film(name) for name in names_in(self.films)]
        missing = [film for film in films if tuple(film.values()) not in latest]
        if missing:
            raise SystemExit(f"{len(missing)} of {len(films)} films are not scored; run the same line again")
        rows = [latest[tuple(film.values())] for film in films]
        written(pa.Table.from_pylist(rows, SCHEMA), os.path.join(self.out, "scores.parquet"))
        # No names here: they may be those of patients, and what is printed ends in logs.
        unread = sum(row["error"] is not None for row in rows)
        print(f"{len(rows)} films in {self.out}/scores.parquet, {unread} of them with an error, which the table names")


def by_success(rows):
    """Errors first, so that a later success takes their place."""
    return sorted(rows, key=lambda row: row["error"] is None)


def written(table, path):
    """Beside its place and renamed: nobody sees half of it."""
    partial = f"{path}.{socket.gethostname()}.{os.getpid()}.partial"
    pq.write_table(table, partial)
    os.replace(partial, path)


class ChunkScorer(FilmScorer):
    """Scores films chunk by chunk."""

    program = None  # what scores films apart, where it is another than film_child.py

    def score_chunk(self, films):
        """Scores films and writes their rows, unless it is done. What it returns is for the progress only."""
        key = hash_of(repr([self.run.model_hash, self.run.attempt, films]).encode())[:24]
        place = os.path.join(self.run.out, "chunks", f"{key}.parquet")
        if os.path.exists(place):
            return {"films": len(films), "errors": 0}
        begun = Path(self.run.out, "begun", key)
        careful = begun.exists()  # a worker that had this chunk did not finish it, or another run has it too
        begun.write_text(str(os.getpid()))
        rows = list(rows_apart(self.run, films, self.threads, self.program) if careful else map(self.row, films))
        written(pa.Table.from_pylist(rows, SCHEMA), place)
        begun.unlink(missing_ok=True)
        return {"films": len(rows), "errors": sum(row["error"] is not None for row in rows)}
