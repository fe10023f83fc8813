"""Scores films by a model's ONNX file: python score.py chest.onnx a.png b.jpg c.dcm

The graph scales, resizes and normalises: here pixels are read as the model's file says. Research software, not a medical device.
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

from film_pixels import pixels_of
from film_recipe import recipe_of
from film_refused import Refused

VERDICTS = ["normal", "anomalous", "invalid"]

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("films", nargs="+")
parser.add_argument("--recipe", type=json.loads, help="of a model that learnt from arrays, such as '{\"channels\": 1}'")
given = parser.parse_args()
session = onnxruntime.InferenceSession(given.model)
# A model that was not calibrated gives no verdict.
outputs = {output.name for output in session.get_outputs()}
asked = [name for name in ("score", "verdict") if name in outputs]
try:
    recipe = recipe_of(session.get_modelmeta().custom_metadata_map, given.recipe)
except Refused as error:
    sys.exit(str(error))
refused = False
for path in given.films:
    try:
        pixels, white = pixels_of(Path(path).read_bytes(), recipe)
    except (Refused, OSError) as error:
        refused = True
        print(f"{path}: {error}", file=sys.stderr)
        continue
    score, *verdict = session.run(asked, {"images": pixels[None], "maxValue": np.float32([white])})
    print(f"{path},{score[0]:.7g},{VERDICTS[verdict[0][0]] if verdict else ''}")
sys.exit(int(refused))
