"""Scores films by a model's ONNX file: python score.py chest.onnx a.png b.jpg c.dcm

The graph scales, resizes and normalises: here pixels are read as they are stored. Research software, not a medical device.
"""
import sys

import numpy as np
import onnxruntime
import pydicom
from PIL import Image

VERDICTS = ["normal", "anomalous", "invalid"]


def dicom_pixels(path):
    """Grey by the window of the file, else by all that its bits can hold, white bone; and what white is."""
    film = pydicom.dcmread(path)
    stored = film.pixel_array.astype(np.float64)
    top = 65535 if film.BitsStored > 8 else 255
    if "WindowCenter" in film:
        center, width = (float(np.atleast_1d(film[name].value)[0]) for name in ("WindowCenter", "WindowWidth"))
        modality = stored * float(film.get("RescaleSlope", 1)) + float(film.get("RescaleIntercept", 0))
        grey = (modality - (center - 0.5)) / (width - 1) + 0.5
    else:
        grey = stored / (2**film.BitsStored - 1)
    if film.PhotometricInterpretation == "MONOCHROME1":
        grey = 1 - grey
    return np.floor(top * np.clip(grey, 0, 1) + 0.5), top


def file_pixels(path):
    """Grey of a PNG or JPEG file in 8 or 16 bits, and what white is."""
    film = Image.open(path)
    wide = film.mode.startswith("I")
    return np.asarray(film if wide else film.convert("L")), 65535 if wide else 255


session = onnxruntime.InferenceSession(sys.argv[1])
for path in sys.argv[2:]:
    pixels, white = dicom_pixels(path) if path.endswith(".dcm") else file_pixels(path)
    images = np.asarray(pixels, np.float32)[None, :, :, None]
    score, verdict = session.run(["score", "verdict"], {"images": images, "maxValue": np.float32([white])})
    print(f"{path},{score[0]:.7g},{VERDICTS[verdict[0]]}")
