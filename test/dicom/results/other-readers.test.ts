import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dicomResult } from '../../../src/dicom/index.js';
import { fixture } from '../fixtures.js';

const python = process.env.SALAD_AD_PYTHON ?? 'python3';
const runs = (program: string, ...given: string[]) =>
  spawnSync(program, given, { encoding: 'utf8' });
const noPydicom = runs(python, '-c', 'import pydicom').status === 0 ? '' : 'no Python with pydicom';
const noValidator = runs('dciodvfy', '-version').error
  ? "no dciodvfy, of Debian's dicom3tools"
  : '';
const named = (missing: string) => (missing ? ` (not run: ${missing})` : '');

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-results-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Both objects of a film, in files. */
async function written(name: string): Promise<readonly string[]> {
  const statement: Parameters<typeof dicomResult.structuredReport>[1] = {
    score: 1.9312345,
    model: `SHA-256 ${'1f0c'.repeat(16)}`,
    pValue: 0.047,
    abnormal: true,
    threshold: 1.5,
    promise: 'at most 5% of new normal images are expected to reach it',
    restsOn: 'promises hold for new normal images',
  };
  const pixels = new Uint8Array(40 * 300 * 3).map((_, i) => i % 251);
  const picture = { pixels, height: 40, width: 300, channels: 3 as const };
  const film = fixture(name);
  const paths = ['report', 'capture'].map((kind) => join(folder, `${name}-${kind}.dcm`));
  writeFileSync(paths[0], await dicomResult.structuredReport(film, statement));
  writeFileSync(paths[1], await dicomResult.secondaryCapture(film, picture, statement));
  return paths;
}

const READ = `
import json, sys, pydicom
report, capture = [pydicom.dcmread(path) for path in sys.argv[1:]]
items = {item.ConceptNameCodeSequence[0].CodeMeaning: item for item in report.ContentSequence}
print(json.dumps({
    "kinds": [report.SOPClassUID.name, capture.SOPClassUID.name],
    "patients": [str(d.PatientName) + " " + d.PatientID + " " + d.StudyInstanceUID for d in (report, capture)],
    "score": float(items["Anomaly score"].MeasuredValueSequence[0].NumericValue),
    "use": items["Use"].TextValue,
    "film": items["Source of Measurement"].ReferencedSOPSequence[0].ReferencedSOPInstanceUID,
    "pixels": capture.pixel_array[11:51].ravel().tolist(),
}))`;

describe('what other programs read', () => {
  it.skipIf(noPydicom)(`pydicom reads report and picture${named(noPydicom)}`, async () => {
    const { stdout, stderr } = runs(python, '-c', READ, ...(await written('explicit-little')));
    expect(stderr).toBe('');
    const { pixels, ...read } = JSON.parse(stdout);
    const patient = 'Drawn^Phantom DRAWN-0815 1.2.826.0.1.3680043.8.498.6';
    expect(read).toEqual({
      kinds: ['Comprehensive SR Storage', 'Secondary Capture Image Storage'],
      patients: [patient, patient],
      score: 1.9312345,
      use: expect.stringMatching(/^Research software, not a medical device/),
      film: '1.2.826.0.1.3680043.8.498.5',
    });
    expect(pixels).toEqual(Array.from({ length: 40 * 300 * 3 }, (_, i) => i % 251));
  });

  it.skipIf(noValidator)(`dciodvfy finds no error${named(noValidator)}`, async () => {
    for (const name of ['explicit-little', 'implicit-little', 'jpeg-baseline'])
      for (const path of await written(name)) {
        const { stderr } = runs('dciodvfy', '-new', path);
        expect(
          stderr.split('\n').filter((line) => line.startsWith('Error')),
          path,
        ).toEqual([]);
        expect(stderr).toMatch(/ComprehensiveSR|SCImage/);
      }
  });
});
