#!/usr/bin/env bash
# Guess: dicom-parser steps over an element that it does not know, as the standard lets a reader do.
# What happens: of the 64-bit value representations OV, SV and UV, which DICOM has had since 2018, it reads the length from the
# wrong place and takes the value for more elements. A valid file with one such private element cannot be read; what is
# thrown is no Error but a plain object of a text and all that was read so far, so a log of it may hold a patient's name.
. "$(dirname "$0")/support/common.sh"

npm_packages dicom-parser@1.8.21
python_packages pydicom==3.0.2
cat >parse.cjs <<'JS'
const { seen } = require(process.env.SEEN);
const { readFileSync } = require('node:fs');
const { parseDicom } = require('dicom-parser');

function parse(vr) {
  try {
    return parseDicom(readFileSync(`${vr}.dcm`)).uint16('x7fe10011');
  } catch (thrown) {
    return { isError: thrown instanceof Error, keys: Object.keys(thrown) };
  }
}
seen('dicom-parser, the element behind OD, of 64 bits as well', parse('OD'), 7);
for (const vr of ['OV', 'SV', 'UV'])
  seen(`dicom-parser, the element behind ${vr}`, parse(vr), { isError: false, keys: ['exception', 'dataSet'] });
JS
venv/bin/python - <<'PY'
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from seen import seen

for vr, value in {"OD": bytes(8), "OV": (5).to_bytes(8, "little"), "SV": 5, "UV": 5}.items():
    film = Dataset()
    film.file_meta = FileMetaDataset()
    film.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    film.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    film.file_meta.MediaStorageSOPInstanceUID = film.SOPInstanceUID = "2.25.1"
    film.add_new(0x00290010, "LO", "EXAMPLE")
    film.add_new(0x00291001, vr, value)
    film.add_new(0x7FE10010, "LO", "EXAMPLE")
    film.add_new(0x7FE10011, "US", 7)
    film.save_as(f"{vr}.dcm", enforce_file_format=True)
    seen(f"pydicom, the element behind {vr}", dcmread(f"{vr}.dcm")[0x7FE10011].value, 7)
PY
node parse.cjs

# Seen on 2026-11-28 with:
# Node v20.20.2, dicom-parser@1.8.21
# Python 3.11.7, pydicom==3.0.2
# pydicom, the element behind OD: 7
# pydicom, the element behind OV: 7
# pydicom, the element behind SV: 7
# pydicom, the element behind UV: 7
# dicom-parser, the element behind OD, of 64 bits as well: 7
# dicom-parser, the element behind OV: {"isError":false,"keys":["exception","dataSet"]}
# dicom-parser, the element behind SV: {"isError":false,"keys":["exception","dataSet"]}
# dicom-parser, the element behind UV: {"isError":false,"keys":["exception","dataSet"]}
