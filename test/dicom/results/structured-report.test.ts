import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dicomResult, readDicom } from '../../../src/dicom/index.js';
import { codeOf } from '../../support/code-of.js';
import { fixture, names } from '../fixtures.js';
import { bytesOf, COPIED, readBack, withMore } from './read-back.js';

const film = () => fixture('explicit-little');
const statement: Parameters<typeof dicomResult.structuredReport>[1] = {
  score: 1.9312345,
  model: 'SHA-256 1f0c',
  pValue: 0.047,
  abnormal: true,
  threshold: 1.5,
  promise: 'at most 5% of new normal images are expected to reach it',
  restsOn: 'promises hold for new normal images that are exchangeable',
  date: new Date(2026, 10, 29, 8, 5, 3),
};
/** The items of the report: what each is called, and what it says. */
const itemsOf = (file: Uint8Array) =>
  (readBack(file).items('x0040a730') ?? []).map((item) => {
    const name = item.items('x0040a043')?.[0].string('x00080104');
    const number = item.items('x0040a300')?.[0].string('x0040a30a');
    const reference = item.items('x00081199')?.[0].string('x00081155');
    const code = item.items('x0040a168')?.[0].string('x00080100');
    return [name, item.string('x0040a160') ?? number ?? reference ?? code];
  });

describe('dicomResult.structuredReport', () => {
  it('says all that there is to say, first of all what it is not', async () => {
    const report = await dicomResult.structuredReport(film(), statement);
    expect(itemsOf(report)).toEqual([
      ['Language of Content Item and Descendants', 'en'],
      [
        'Use',
        'Research software, not a medical device. A score is no diagnosis; nobody has verified this report.',
      ],
      ['Source of Measurement', '1.2.826.0.1.3680043.8.498.5'],
      ['Anomaly score', '1.9312345'],
      ['Conformal p-value', '0.047'],
      ['Verdict', 'reaches the threshold'],
      ['Threshold', '1.5'],
      ['Promise of the threshold', statement.promise],
      ['What the p-value rests on', statement.restsOn],
      ['Algorithm Name', 'salad-ad'],
      ['Algorithm Version', expect.stringMatching(/^\d+\.\d+\.\d+/)],
      ['Model', 'SHA-256 1f0c'],
    ]);
    const data = readBack(report);
    expect(
      ['x00080060', 'x0040a491', 'x0040a493', 'x0040a496'].map((tag) => data.string(tag)),
    ).toEqual(['SR', 'COMPLETE', 'UNVERIFIED', 'PRELIMINARY']);
    expect(data.string('x0008103e')).toBe('Research software, not a medical device: anomaly score');
    expect([data.string('x00080023'), data.string('x00080033')]).toEqual(['20261129', '080503']);
  });

  it('leaves out what a model does not say', async () => {
    const report = await dicomResult.structuredReport(film(), { score: -2e-7, model: 'm' });
    expect(itemsOf(report).slice(3, 5)).toEqual([
      ['Anomaly score', '-2e-7'],
      ['Verdict', 'no verdict: the model has no threshold'],
    ]);
    expect(itemsOf(report)).toHaveLength(8);
  });

  it('copies patient and study byte by byte, in their set of characters, and nothing else of the film', async () => {
    const japanese = withMore(film(), [
      [0x0008, 0x0005, 'CS', bytesOf('ISO_IR 192')],
      [0x0010, 0x0010, 'PN', bytesOf('Yamada^Tarou=\u5c71\u7530^\u592a\u90ce ')],
      [0x0010, 0x4000, 'LT', bytesOf('a comment of someone')],
      [0x0032, 0x1060, 'LO', bytesOf('suspected of something')],
    ]);
    const report = await dicomResult.structuredReport(japanese, statement);
    const [before, after] = [readBack(japanese), readBack(report)];
    for (const tag of COPIED) expect(after.bytes(tag), tag).toEqual(before.bytes(tag));
    expect(after.bytes('x00100010').length).toBeGreaterThan(20);
    expect(inspect(Buffer.from(report).toString('latin1'))).not.toMatch(/comment|suspected/);
  });

  it('has the same UIDs for the same words, others for other words, and one series a series', async () => {
    const uids = async (
      given: Partial<Parameters<typeof dicomResult.structuredReport>[1]>,
      of = film(),
    ) => {
      const data = readBack(await dicomResult.structuredReport(of, { ...statement, ...given }));
      return ['x00080018', 'x0020000e'].map((tag) => data.string(tag) as string);
    };
    const [uid, series] = await uids({});
    for (const one of [uid, series]) {
      expect(one).toMatch(/^2\.25\.[1-9]\d{20,38}$/);
      const hex = BigInt(one.slice(5)).toString(16).padStart(32, '0');
      // The version and the variant of a UUID.
      expect([hex[12], '89ab'.includes(hex[16])]).toEqual(['8', true]);
    }
    expect(await uids({ date: new Date() })).toEqual([uid, series]);
    const [other, same] = await uids({ score: 2 });
    expect([other === uid, same]).toEqual([false, series]);
    expect((await uids({ model: 'another' }))[1]).not.toBe(series);
    expect((await uids({}, fixture('jpeg-baseline')))[0]).not.toBe(uid);
  });

  it('is made of every file that has an image and its UIDs, however it is coded', async () => {
    const made: string[] = [];
    for (const name of names.filter((name) => !name.startsWith('refused'))) {
      const report = await dicomResult
        .structuredReport(fixture(name), statement)
        .catch((error) => error);
      if (report instanceof Uint8Array) {
        const [before, after] = [readBack(fixture(name)), readBack(report)];
        for (const tag of COPIED.slice(1)) expect(after.string(tag), name).toBe(before.string(tag));
        made.push(name);
      } else expect(report.code, name).toMatch(/^IMAGE_/);
    }
    expect(made).toEqual(
      expect.arrayContaining([
        'deflated',
        'explicit-big',
        'implicit-little',
        'rle',
        'jpeg-baseline',
      ]),
    );
  });

  it('is no image, and is refused as one', async () => {
    const report = await dicomResult.structuredReport(film(), statement);
    expect(await codeOf(readDicom(report))).toBe('IMAGE_UNSUPPORTED');
    expect(await codeOf(dicomResult.structuredReport(report, statement))).toBe('IMAGE_UNSUPPORTED');
  });

  it('writes letters that are no ASCII, and backslashes, as question marks', async () => {
    const report = await dicomResult.structuredReport(film(), { score: 1, model: 'a\\b \u2265 c' });
    expect(itemsOf(report).at(-1)).toEqual(['Model', 'a?b ? c']);
  });

  it('refuses what is no statement, and repeats no identifier', async () => {
    const refused = async (given: object) => {
      const error = await dicomResult
        .structuredReport(film(), given as Parameters<typeof dicomResult.structuredReport>[1])
        .catch((thrown) => thrown);
      expect(error.message).toMatch(/^dicomResult\.structuredReport: /);
      expect(error.message).not.toMatch(/Drawn|0815/);
      return error.code;
    };
    expect(await refused({ model: 'm' })).toBe('INVALID_OPTION');
    expect(await refused({ score: Number.NaN, model: 'm' })).toBe('INVALID_OPTION');
    expect(await refused({ score: 1 })).toBe('INVALID_OPTION');
    expect(await refused({ ...statement, pValue: 2 })).toBe('INVALID_OPTION');
    expect(await refused({ ...statement, date: 'now' })).toBe('INVALID_OPTION');
    expect(await refused({ ...statement, patient: 'x' })).toBe('UNKNOWN_OPTION');
    expect(await codeOf(dicomResult.structuredReport(new Uint8Array(400), statement))).toBe(
      'IMAGE_INVALID',
    );
  });
});
