"""Reads films as a model's ONNX file wants them: the pixels that salad-ad reads, and what white is. What is not read alike is refused."""
import numpy as np

from film_dicom import dicom_pixels
from film_images import image_pixels
from film_refused import Refused

# The default of the library: height times width, and bytes of a file that may hold so many pixels.
MOST_PIXELS = 2**26
MOST_BYTES = 8 * MOST_PIXELS + 2**20


def pixels_of(content, recipe):
    """Pixels [height, width, channels] in float32 of a PNG, JPEG, WebP, TIFF or DICOM file's bytes, and what white is. Raises Refused."""
    if len(content) > MOST_BYTES:
        raise Refused(f"IMAGE_TOO_LARGE: the file has {len(content)} bytes; expected at most {MOST_BYTES}")
    if content[128:132] == b"DICM":
        pixels, white = dicom_pixels(content, (recipe.get("decoders") or {}).get("dicom") or {}, MOST_PIXELS)
    else:
        pixels, white = image_pixels(content, recipe.get("bitsStored"), MOST_PIXELS)
    return np.asarray(with_channels(pixels, recipe["channels"]), np.float32), white


def with_channels(pixels, channels):
    """Grey of colour in the whole numbers of Pillow's convert("L"); colour of grey by repetition."""
    if pixels.shape[2] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=2)
    return (pixels.astype(np.int64) @ [19595, 38470, 7471] + 32768 >> 16)[:, :, None]
