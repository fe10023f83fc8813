"""Pixels of PNG, JPEG, WebP and TIFF files by libvips, which the library reads them by too (as sharp)."""
import os
import re
import zlib

import numpy as np

from film_refused import Refused

os.environ.setdefault("VIPS_CONCURRENCY", "1")
import pyvips  # noqa: E402 - it reads the number of threads as it is loaded

pyvips.cache_set_max(0)  # films are seen once

PNG, JPEG, WEBP, TIFF = "PNG", "JPEG", "WebP", "TIFF"
SIGNATURES = [
    (PNG, 0, b"\x89PNG\r\n\x1a\n"),
    (JPEG, 0, b"\xff\xd8\xff"),
    (WEBP, 8, b"WEBP"),
    (TIFF, 0, b"II*\0"),
    (TIFF, 0, b"MM\0*"),
]


def image_pixels(content, bits_stored, most_pixels):
    """[height, width, 1 or 3], turned as EXIF says, alpha over black; and what white is. `bits_stored` counts for files of 16 bits that do not say it."""
    kind = next((kind for kind, at, mark in SIGNATURES if content.startswith(mark, at)), None)
    if kind is None:
        raise Refused("IMAGE_UNSUPPORTED: the file begins like no PNG, JPEG, WebP, TIFF or DICOM file with its mark; convert it to PNG")
    try:
        significant = HEADERS[kind](content)
        film = pyvips.Image.new_from_buffer(content, "", fail_on="warning")
        check_header(film, kind, most_pixels)
        film = film.autorot()
        film = film.flatten() if film.hasalpha() else film
        pixels = film.numpy().reshape(film.height, film.width, film.bands)
    except (pyvips.Error, IndexError, zlib.error) as error:
        raise Refused(f"IMAGE_INVALID: the {kind} is damaged or cut off ({reason_of(error)}); fetch it again") from None
    if pixels.dtype == np.uint8:
        return pixels, 255
    return pixels, 2 ** (bits_in_use(pixels, significant) or bits_stored or 16) - 1


def check_header(film, kind, most_pixels):
    pages = film.get("n-pages") if film.get_typeof("n-pages") else 1
    if pages > 1:
        raise Refused(f"IMAGE_UNSUPPORTED: the {kind} has {pages} images; expected one")
    if kind == TIFF and film.hasalpha():  # which may be no alpha
        raise Refused("IMAGE_UNSUPPORTED: the TIFF has more samples than grey or colour; convert it to PNG")
    if film.width * film.height > most_pixels:
        raise Refused(f"IMAGE_TOO_LARGE: the header says {film.height} x {film.width} pixels; expected at most {most_pixels} in all")
    if film.interpretation not in ("b-w", "srgb", "grey16", "rgb16") or film.format not in FORMATS[kind]:
        raise Refused(f"IMAGE_UNSUPPORTED: the {kind} has pixels of kind {film.interpretation}; expected grey or colour; convert it to PNG")


def reason_of(error):
    return str(error).strip().splitlines()[-1][:200] if str(error).strip() else type(error).__name__


def png_header(content):
    """Walks through all chunks, for decoders pass over damaged ones without a word; how many bits are significant, where the file says so."""
    at, name, significant = 8, b"", None
    while name != b"IEND":
        size, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        body, end = content[at + 8 : at + 8 + size], at + 12 + size
        if end > len(content):
            raise Refused(f"IMAGE_TRUNCATED: the PNG ends after {len(content)} bytes, within its image; fetch it again")
        if zlib.crc32(name + body) != int.from_bytes(content[end - 4 : end], "big"):
            raise Refused(f"IMAGE_INVALID: a chunk of the PNG at byte {at} has another content than its check sum")
        if name == b"acTL":
            raise Refused("IMAGE_UNSUPPORTED: the PNG is animated; expected one image")
        if name == b"sBIT":
            significant = max(body[: 1 if size < 3 else 3], default=0)
        at = end
    return significant


def jpeg_header(content):
    """Walks to the end marker; refuses what the library refuses: processes other than baseline and progressive with Huffman codes."""
    at, frame = 2, None
    while (marker := content[at + 1]) != 0xD9:
        if content[at] != 0xFF:
            raise Refused("IMAGE_INVALID: the JPEG has bytes between its segments; fetch it again")
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xF7 or 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            frame = frame or (marker, content[at + 4])
        at += 1 if marker == 0xFF else 2 + length
        if marker == 0xDA:  # the next marker behind coded pixels
            found = MARKER.search(content, at)
            if not found:
                raise Refused(f"IMAGE_TRUNCATED: the JPEG ends after {len(content)} bytes, within its image; fetch it again")
            at = found.start()
    if frame not in ((0xC0, 8), (0xC1, 8), (0xC2, 8)):
        raise Refused("IMAGE_UNSUPPORTED: the JPEG is lossless, arithmetic, differential or not of 8 bits; convert it to PNG")


def webp_header(content):
    if len(content) < 8 + int.from_bytes(content[4:8], "little"):
        raise Refused(f"IMAGE_TRUNCATED: the WebP ends after {len(content)} bytes, within its image; fetch it again")


# Neither 0, which stands for the byte 255 itself, nor a restart.
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
HEADERS = {PNG: png_header, JPEG: jpeg_header, WEBP: webp_header, TIFF: lambda content: None}
FORMATS = {PNG: ("uchar", "ushort"), JPEG: ("uchar",), WEBP: ("uchar",), TIFF: ("uchar", "ushort")}


def bits_in_use(pixels, significant):
    """So many where the values are unscaled (0 to 2^b - 1) against the standard, which has writers scale them to 16 bits; else None."""
    if not significant or significant > 15 or pixels.max() >= 2**significant:
        return None
    values = np.flatnonzero(np.bincount(pixels.ravel()))
    small = values >> (16 - significant)
    repeated = np.zeros_like(values)
    for shift in range(16 - significant, -significant, -significant):
        repeated |= small << shift if shift >= 0 else small >> -shift
    rounded = np.floor(small * 65535 / (2**significant - 1) + 0.5)
    return None if np.all((values == repeated) | (values == rounded)) else significant
