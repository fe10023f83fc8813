"""Scores films by a model's ONNX file: python score.py chest.onnx a.png b.jpg c.dcm

The graph scales, resizes and normalises: here pixels are read as they are stored. Research software, not a medical device.
"""
import sys
from pathlib import Path

import numpy as np
import onnxruntime

from film_pixels import pixels_of

VERDICTS = ["normal", "anomalous", "invalid"]

session = onnxruntime.InferenceSession(sys.argv[1])
for path in sys.argv[2:]:
    pixels, white = pixels_of(Path(path).read_bytes())
    images = pixels[None, :, :, None]
    score, verdict = session.run(["score", "verdict"], {"images": images, "maxValue": np.float32([white])})
    print(f"{path},{score[0]:.7g},{VERDICTS[verdict[0]]}")
