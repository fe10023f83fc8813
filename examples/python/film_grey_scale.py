"""The way from stored values to grey that a DICOM file names: modality, window or table of interest, padding (PS3.3 C.11)."""
import math
from typing import NamedTuple

import numpy as np
from pydicom.multival import MultiValue

from film_recipe import SHAPES
from film_refused import Refused


class Table(NamedTuple):
    """`values[0]` for `first` and below, the last for the last and above."""

    first: int
    white: int
    values: np.ndarray

    def of(self, value):
        return self.values[np.clip(value - self.first, 0, len(self.values) - 1).astype(np.int64)].astype(np.float64)


def grey_scale(film, window, lowest, bits):
    """Of every stored value from the lowest on: its grey, and whether it stands for tissue."""
    stored = np.arange(lowest, lowest + 2**bits, dtype=np.float64)
    share = np.clip(share_of_white(film, window, stored, lowest < 0), 0, 1)
    top = 65535 if bits > 8 else 255
    grey = np.floor(top * (1 - share if film.PhotometricInterpretation == "MONOCHROME1" else share) + 0.5)
    return grey, ~padding_in(film, stored, lowest < 0)


def share_of_white(film, window, stored, signed):
    """Below 0 is black, above 1 white."""
    table = first_table(film, "ModalityLUTSequence", signed)
    slope, intercept = (1, 0) if table else (number(film, "RescaleSlope", 1), number(film, "RescaleIntercept", 0))
    modality = table.of(stored) if table else stored * slope + intercept
    if window == "file":
        window = of_interest(film, not table and modality.min() < 0)
    if isinstance(window, Table):
        return window.of(np.floor(modality + 0.5)) / window.white
    if isinstance(window, dict):
        return in_window(modality, **window)
    if table:
        return modality / table.white
    straight = (stored - stored[0]) / (len(stored) - 1)
    return 1 - straight if slope < 0 else straight  # of a straight line only the direction counts


def of_interest(film, below_0):
    """The first table, else the first window, else 'full'."""
    table = first_table(film, "VOILUTSequence", below_0)
    if table:
        return table
    center, width = number(film, "WindowCenter"), number(film, "WindowWidth")
    if center is None and width is None:
        return "full"
    shape = (film.get("VOILUTFunction") or "LINEAR").upper()
    if center is None or width is None or shape not in SHAPES:
        raise Refused("IMAGE_UNSUPPORTED: WindowCenter and WindowWidth are not there in pairs, or VOILUTFunction is unknown")
    return {"center": center, "width": width, "shape": shape}


def in_window(value, center, width, shape="LINEAR"):
    if not (width >= 1 if shape == "LINEAR" else width > 0):
        raise Refused(f"IMAGE_UNSUPPORTED: the window has the width {width}; expected at least 1 for LINEAR, else above 0")
    if shape == "SIGMOID":
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp((-4 * (value - center)) / width))
    if shape == "LINEAR_EXACT":
        return (value - center) / width + 0.5
    if width == 1:
        return np.where(value <= center - 0.5, 0.0, 1.0)
    return (value - (center - 0.5)) / (width - 1) + 0.5


def padding_in(film, stored, signed):
    value, limit = (film.get(name) for name in ("PixelPaddingValue", "PixelPaddingRangeLimit"))
    if value is None:
        return np.zeros(stored.shape, bool)
    ends = [word(end, signed) for end in (value, value if limit is None else limit)]
    return (stored >= min(ends)) & (stored <= max(ends))


def first_table(film, name, signed):
    if not film.get(name):
        return None
    item = film[name].value[0]
    entries, first, bits = (word(value, False) for value in item.LUTDescriptor)
    # An explicit SS says the sign itself.
    explicit = not film.original_encoding[0] and item["LUTDescriptor"].VR == "SS"
    count, data = entries or 65536, item.LUTData
    if isinstance(data, bytes):
        packed = len(data) < 2 * count
        order = "<>"[not film.original_encoding[1]]
        values = np.frombuffer(data, np.uint8 if packed else f"{order}u2")
    else:
        packed, values = False, np.atleast_1d(np.asarray(data, np.int64))
    if not 1 <= bits <= 16 or len(values) < count or packed and bits > 8:
        raise Refused(f"IMAGE_UNSUPPORTED: {name} has {len(values)} values of {bits} bits for {count} entries")
    return Table(word(first, signed or explicit), 2**bits - 1, values[:count])


def word(value, signed):
    """A number of 16 bits with the sign that its use asks for, whatever its element says."""
    return (value + 32768) % 65536 - 32768 if signed else value % 65536


def number(film, name, default=None):
    """The first decimal number of an element, or the default where it has none."""
    value = film.get(name)
    value = (value[0] if len(value) else None) if isinstance(value, MultiValue) else value
    if value is None or value == "":
        return default
    if not math.isfinite(float(value)):
        raise Refused(f"IMAGE_UNSUPPORTED: {name} is no decimal number")
    return float(value)
