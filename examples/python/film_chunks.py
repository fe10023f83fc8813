"""Films in chunks that any worker can score, and a manifest by which a run is stopped, resumed, retried and joined.

A chunk is finished when its Parquet file lies in OUT/chunks under its own name: it is written beside and renamed, so that it is there
as a whole or not at all. Films of finished chunks are not scored again. A chunk that was begun and has no file is done again, by whichever worker gets it;
where a worker died twice at the same film, that film is named as the reason and passed over.

One row a film: name, score, p_value, verdict, error, file_hash, model_hash, size, modified.
"""
import hashlib
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from film_pixels import pixels_of

ENDINGS = {".png", ".jpg", ".jpeg", ".dcm"}
VERDICTS = ["normal", "anomalous", "invalid"]
NUMBERS = {"score": pa.float32(), "p_value": pa.float64(), "size": pa.int64(), "modified": pa.int64()}
COLUMNS = ["name", "score", "p_value", "verdict", "error", "file_hash", "model_hash", "size", "modified"]
SCHEMA = pa.schema([(column, NUMBERS.get(column, pa.string())) for column in COLUMNS])


def hash_of(content):
    return hashlib.sha256(content).hexdigest()


class Run:
    """Films, a model's file and a folder for what comes of them. Plain text: it can be sent to any worker."""

    def __init__(self, model, films, out):
        self.model, self.films, self.out = (os.path.abspath(path) for path in (model, films, out))
        self.model_hash = hash_of(Path(model).read_bytes())
        for folder in ("chunks", "begun"):
            os.makedirs(os.path.join(out, folder), exist_ok=True)

    def names(self):
        """Every film of a folder, by its path below it; or those of a table with the column `path`."""
        place = Path(self.films)
        if place.is_dir():
            return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.suffix.lower() in ENDINGS)
        if place.suffix == ".parquet":
            table = pq.read_table(place, columns=["path"])
        else:
            from pyarrow.csv import read_csv

            table = read_csv(place)
        return list(dict.fromkeys(table["path"].to_pylist()))

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
            table = table.filter(pc.is_null(table["error"]))
        done = set(zip(*(table[column].to_pylist() for column in ("name", "size", "modified"))))
        left = [film for film in map(self.film, self.names()) if tuple(film.values()) not in done]
        return [left[start : start + size] for start in range(0, len(left), size)]

    def film(self, name):
        try:
            state = os.stat(self.path_of(name))
            return {"name": name, "size": state.st_size, "modified": state.st_mtime_ns}
        except OSError:
            return {"name": name, "size": -1, "modified": -1}

    def join(self):
        """Writes OUT/scores.parquet: every film of the run once, in order. Fails where one is missing."""
        latest = {(row["name"], row["size"], row["modified"]): row for row in by_success(self.table().to_pylist())}
        films = [self.film(name) for name in self.names()]
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
    partial = f"{path}.{os.getpid()}.partial"
    pq.write_table(table, partial)
    os.replace(partial, path)


class FilmScorer:
    """One of these lives in each worker; it loads the model once."""

    def __init__(self, run, threads=1):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.run = run
        self.session = onnxruntime.InferenceSession(run.model, options, providers=["CPUExecutionProvider"])
        asked = {"score": "score", "pValue": "p_value", "verdict": "verdict"}
        self.outputs = {name: column for name, column in asked.items() if name in {o.name for o in self.session.get_outputs()}}

    def score_chunk(self, films):
        """Scores films and writes their rows. What it returns is for the progress only."""
        key = hash_of(repr([self.run.model_hash, films]).encode())[:24]
        begun = Path(self.run.out, "begun", key)
        careful = begun.exists()  # a worker that had this chunk did not finish it
        begun.write_text(str(os.getpid()))
        rows = [self.carefully(film, begun) if careful else self.row(film) for film in films]
        written(pa.Table.from_pylist(rows, SCHEMA), os.path.join(self.run.out, "chunks", f"{key}.parquet"))
        begun.unlink(missing_ok=True)
        return {"films": len(rows), "errors": sum(row["error"] is not None for row in rows)}

    def carefully(self, film, begun):
        """With a note of the film at hand, which stays if this worker dies."""
        note = begun.with_name("at-" + hash_of(repr(film).encode())[:24])
        if note.exists():
            return {**self.row(film, read=False), "error": "WORKER_ENDED: a worker ended while it scored this film, twice"}
        note.touch()
        row = self.row(film)
        note.unlink()
        return row

    def row(self, film, read=True):
        row = {**dict.fromkeys(COLUMNS), **film, "model_hash": self.run.model_hash}
        try:
            content = Path(self.run.path_of(film["name"])).read_bytes()
            row["file_hash"] = hash_of(content)
            return {**row, **self.scored(content)} if read else row
        except Exception as error:  # whatever a decoder throws: the film is named, and the others go on
            return {**row, "error": f"{type(error).__name__}: {error}"}

    def scored(self, content):
        pixels, white = pixels_of(content)
        feeds = {"images": pixels[None, :, :, None], "maxValue": np.float32([white])}
        found = dict(zip(self.outputs.values(), (values[0] for values in self.session.run(list(self.outputs), feeds))))
        if "verdict" in found:
            found["verdict"] = VERDICTS[found["verdict"]]
        return {name: value.item() if hasattr(value, "item") else value for name, value in found.items()}
