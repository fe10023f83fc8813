"""A film's row: reads it, scores it, or names the reason why not."""
import functools
import hashlib
import math
from pathlib import Path

import numpy as np

from film_pixels import MOST_BYTES, pixels_of
from film_refused import Refused

VERDICTS = ["normal", "anomalous", "invalid"]
COLUMNS = ["name", "score", "p_value", "verdict", "error", "file_hash", "model_hash", "size", "modified"]
# Outputs of the graph, and what their columns are called.
ASKED = {"score": "score", "pValue": "p_value", "verdict": "verdict"}


def hash_of(content):
    return hashlib.sha256(content).hexdigest()


@functools.cache
def session_of(model, threads):
    """One in each process."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class FilmScorer:
    """One of these lives in each worker; it loads the model once, when the first film comes."""

    def __init__(self, run, threads=1):
        self.run, self.threads = run, threads

    def row(self, film):
        row = {**dict.fromkeys(COLUMNS), **film, "model_hash": self.run.model_hash}
        try:
            if film["size"] > MOST_BYTES:
                raise Refused(f"IMAGE_TOO_LARGE: the file has {film['size']} bytes; expected at most {MOST_BYTES}")
            content = Path(self.run.path_of(film["name"])).read_bytes()
            row["file_hash"] = hash_of(content)
            return {**row, **self.scored(content)}
        except Refused as error:
            return {**row, "error": str(error)}
        except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
            reason = getattr(error, "strerror", None) or type(error).__name__
            return {**row, "error": f"IMAGE_UNREADABLE: {reason}; the file is not there or may not be read, or its name is no UTF-8"}
        except Exception as error:  # whatever else it is: the film is named, and the others go on
            return {**row, "error": f"NOT_SCORED: {type(error).__name__}: {error}"}

    def scored(self, content):
        pixels, white = pixels_of(content, self.run.recipe)
        session = session_of(self.run.model, self.threads)
        outputs = [output.name for output in session.get_outputs() if output.name in ASKED]
        values = session.run(outputs, {"images": pixels[None], "maxValue": np.float32([white])})
        found = {ASKED[name]: value[0].item() for name, value in zip(outputs, values)}
        if "verdict" in found:
            found["verdict"] = VERDICTS[found["verdict"]]
        if math.isnan(found["score"]):
            reason = f"PIXEL_RANGE: a pixel lies outside of 0 to {white}, or the network makes no number of the film"
            return {**dict.fromkeys(found), "verdict": found.get("verdict"), "error": reason}
        return found
