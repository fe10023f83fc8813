"""Reads films as a model's ONNX file wants them: pixels as they are stored, grey, and what white is."""
import io

import numpy as np


def pixels_of(content):
    """Pixels [height, width] in float32 of a PNG, JPEG or DICOM file's bytes, and what white is."""
    pixels, white = dicom_pixels(content) if content[128:132] == b"DICM" else image_pixels(content)
    return np.asarray(pixels, np.float32), white


def dicom_pixels(content):
    """Grey by the window of the file, else by all that its bits can hold, white bone; and what white is."""
    import pydicom

    film = pydicom.dcmread(io.BytesIO(content))
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


def image_pixels(content):
    """Grey of a PNG or JPEG file in 8 or 16 bits, and what white is."""
    from PIL import Image, UnidentifiedImageError

    try:
        film = Image.open(io.BytesIO(content))
    except UnidentifiedImageError:  # its own message is an address in memory
        raise ValueError("no PNG, JPEG or DICOM file, or its beginning is damaged") from None
    wide = film.mode.startswith("I")
    return np.asarray(film if wide else film.convert("L")), 65535 if wide else 255
