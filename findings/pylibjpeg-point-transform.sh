#!/usr/bin/env bash
# Guess: the two packages that pydicom can decode lossless JPEG with, gdcm and pylibjpeg, give the same pixels.
# What happens: with a point transform Pt, pylibjpeg-libjpeg begins each image from 2 ** (bits - 1) where ITU-T T.81 (H.1.2.1)
# begins from 2 ** (bits - Pt - 1): every pixel is too bright by half of the range, cut off at white, and there is no error.
# gdcm gives what was encoded. pydicom asks gdcm first if it is installed, so the picture depends on what is installed.
. "$(dirname "$0")/support/common.sh"

python_packages pydicom==3.0.2 pylibjpeg==2.1.0 pylibjpeg-libjpeg==2.5.0 python-gdcm==3.2.6 numpy==2.4.6
venv/bin/python - <<'PY'
from lossless_jpeg import encode
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import get_decoder
from pydicom.uid import JPEGLossless
from seen import seen

film = [[0, 8, 16, 24], [100, 104, 108, 112], [1000, 1200, 2000, 4092]]


def decode(point_transform, plugin):
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = JPEGLossless
    image.Rows, image.Columns, image.SamplesPerPixel = 3, 4, 1
    image.PhotometricInterpretation, image.PixelRepresentation = "MONOCHROME2", 0
    image.BitsAllocated, image.BitsStored, image.HighBit = 16, 12, 11
    image.PixelData = encapsulate([encode(film, 12, 1, point_transform)])
    image["PixelData"].VR = "OB"
    return get_decoder(JPEGLossless).as_array(image, decoding_plugin=plugin)[0].tolist()


for plugin in ("gdcm", "pylibjpeg"):
    seen(f"{plugin}, no point transform", decode(0, plugin), film)
seen("gdcm, point transform 2", decode(2, "gdcm"), film)
seen("pydicom's choice, point transform 2", decode(2, ""), film)
white = [[4095] * 4] * 3
seen("pylibjpeg, point transform 2", decode(2, "pylibjpeg"), white)
brighter = [[min(4095, value + 2048) for value in row] for row in film]
seen("pylibjpeg, point transform 1", decode(1, "pylibjpeg"), brighter)
PY

# Seen on 2026-11-28 with:
# Python 3.11.7, pydicom==3.0.2 pylibjpeg==2.1.0 pylibjpeg-libjpeg==2.5.0 python-gdcm==3.2.6 numpy==2.4.6
# gdcm, no point transform: [[0, 8, 16, 24], [100, 104, 108, 112], [1000, 1200, 2000, 4092]]
# pylibjpeg, no point transform: [[0, 8, 16, 24], [100, 104, 108, 112], [1000, 1200, 2000, 4092]]
# gdcm, point transform 2: [[0, 8, 16, 24], [100, 104, 108, 112], [1000, 1200, 2000, 4092]]
# pydicom's choice, point transform 2: [[0, 8, 16, 24], [100, 104, 108, 112], [1000, 1200, 2000, 4092]]
# pylibjpeg, point transform 2: [[4095, 4095, 4095, 4095], [4095, 4095, 4095, 4095], [4095, 4095, 4095, 4095]]
# pylibjpeg, point transform 1: [[2048, 2056, 2064, 2072], [2148, 2152, 2156, 2160], [3048, 3248, 4048, 4095]]
