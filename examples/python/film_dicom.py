"""Grey of DICOM files as `dicom()` of the library shows it. What that, or pydicom, reads with a warning is refused here."""
import io
import logging
import re
import warnings

import numpy as np
import pydicom
from pydicom.pixels import pixel_array
from pydicom.uid import RLELossless
from pydicom.valuerep import AMBIGUOUS_VR, STANDARD_VR

from film_grey_scale import grey_scale
from film_refused import Refused

# What it says of values that matter to no pixel may hold those of a patient.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
logging.getLogger("pydicom").disabled = True

KINDS = STANDARD_VR | AMBIGUOUS_VR
NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2")
LOSSLESS = (RLELossless, *("1.2.840.10008.1.2.4." + kind for kind in ("57", "70", "80", "90", "201", "202")))


def dicom_pixels(content, told, most_pixels):
    """[rows, columns, 1] and what white is; `told` are the options of `dicom()` in the recipe."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # such as a code that ends before its image does
        try:
            film = pydicom.dcmread(io.BytesIO(content))
            check_elements(film)
            bits, signed = described(film, most_pixels)
            lowest = -(2 ** (bits - 1)) if signed else 0
            steps = stored_values(film, told.get("frame"), lowest, bits) - lowest
            grey, tissue = grey_scale(film, told.get("window", "file"), lowest, bits)
        except (Refused, MemoryError):
            raise
        except Exception as error:  # whatever pydicom throws; its message may hold values of the file
            raise Refused(f"IMAGE_INVALID: the DICOM file cannot be decoded ({type(error).__name__})") from None
    check_shown(np.flatnonzero(np.bincount(steps.ravel())), grey, tissue)
    return np.where(tissue, grey, 0).astype(np.float32)[steps][:, :, None], 65535 if bits > 8 else 255


def check_elements(film):
    """Raises where one has a kind that there is not: behind it the file may be read otherwise than it was written."""
    if any(element.VR is not None and element.VR not in KINDS for element in film.values()):
        raise Refused("IMAGE_INVALID: the DICOM file has an element of an unknown kind; it is damaged")


def described(film, most_pixels):
    """Bits stored and sign."""
    colour, samples = film.get("PhotometricInterpretation"), film.get("SamplesPerPixel", 1)
    bits, signed = film.BitsStored, film.get("PixelRepresentation", 0)
    if samples != 1 or colour not in ("MONOCHROME1", "MONOCHROME2"):
        raise Refused("IMAGE_UNSUPPORTED: the DICOM file is colour; expected MONOCHROME1 or MONOCHROME2")
    if film.BitsAllocated not in (8, 16) or not 1 <= bits <= film.BitsAllocated or film.get("HighBit", bits - 1) != bits - 1:
        raise Refused(f"IMAGE_UNSUPPORTED: BitsAllocated {film.BitsAllocated}, BitsStored {bits}, HighBit {film.get('HighBit')}; expected 8 or 16, and the lowest bits stored")
    if signed not in (0, 1):
        raise Refused(f"IMAGE_INVALID: PixelRepresentation is {signed}; expected 0 or 1")
    if film.Rows * film.Columns > most_pixels:
        raise Refused(f"IMAGE_TOO_LARGE: the file has {film.Rows} x {film.Columns} pixels; expected at most {most_pixels} in all")
    return bits, signed == 1


def stored_values(film, frame, lowest, bits):
    """[rows, columns] of one frame."""
    syntax, frames = film.file_meta.TransferSyntaxUID, max(int(film.get("NumberOfFrames") or 1), 1)
    if frame is None and frames > 1 or (frame or 0) >= frames:
        raise Refused(f"IMAGE_UNSUPPORTED: the file has {frames} frames; expected one, or that which decoders.dicom.frame of the recipe names")
    if syntax in NATIVE:
        check_length(film, frames)
    elif syntax not in LOSSLESS:
        shown = syntax if re.fullmatch("[0-9.]{1,64}", syntax) else "none"  # a damaged file can have anything there, a name among it
        raise Refused(f"IMAGE_UNSUPPORTED: the transfer syntax is {shown}, lossy or unknown; convert it with `gdcmconv --raw in.dcm out.dcm`")
    elif not pydicom.pixels.get_decoder(syntax).is_available:
        raise Refused(f"IMAGE_UNSUPPORTED: pydicom lacks a decoder for {syntax.name}; pip install pylibjpeg and its plugins, or convert it with `gdcmconv --raw in.dcm out.dcm`")
    stored = pixel_array(film, index=frame or 0).astype(np.int32)
    if stored.min() < lowest or stored.max() >= lowest + 2**bits:
        raise Refused(f"IMAGE_INVALID: the pixels have more bits than BitsStored, {bits}")
    return stored


def check_length(film, frames):
    """Zeros behind the last frame, fewer than another would take, are padding."""
    size = film.Rows * film.Columns * film.BitsAllocated // 8
    behind = film.PixelData[size * frames :]
    if len(film.PixelData) < size * frames:
        raise Refused(f"IMAGE_TRUNCATED: PixelData has {len(film.PixelData)} bytes; expected {size * frames}")
    if len(behind) > 1 and (len(behind) >= size or any(behind)):
        raise Refused(f"IMAGE_INVALID: PixelData has {len(film.PixelData)} bytes; expected {size * frames}")


def check_shown(found, grey, tissue):
    """`found` are the stored values of the image, counted from the lowest."""
    kept = found[tissue[found]]
    if len(kept) == 0 and len(found) > 1:
        raise Refused("IMAGE_UNSUPPORTED: all values of the image lie in the range of PixelPaddingValue")
    if len(kept) > 1 and np.ptp(grey[kept]) == 0:
        raise Refused("IMAGE_UNSUPPORTED: the window or table makes one grey of all values of the image")
