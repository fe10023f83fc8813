import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../scripts/notebooks/compare-outputs.js';
import type { Notebook, Output } from '../../../scripts/notebooks/notebook.js';

const notebook = (...outputs: Output[]): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [{ cell_type: 'code', id: 'only', metadata: {}, source: [], outputs }],
});

const printed = (...text: string[]): Output => ({ output_type: 'stream', name: 'stdout', text });

const shown = (kind: string, value: string): Output => ({
  output_type: 'display_data',
  data: { [kind]: value },
  metadata: {},
});

const png = (...data: number[]): string =>
  Buffer.from(
    encode({ width: data.length, height: 1, channels: 1, data: Uint8Array.from(data) }),
  ).toString('base64');

const compared = (stored: Output, now: Output) => differences(notebook(stored), notebook(now));

describe('differences', () => {
  it('none of the same outputs, however their texts are cut into lines', () => {
    expect(compared(printed('AUC 0.93\n', 'done\n'), printed('AUC 0.93\ndone\n'))).toEqual([]);
  });

  it('numbers within 2%, or within one of their last digit', () => {
    expect(compared(printed('1000 films'), printed('1019 films'))).toEqual([]);
    expect(compared(printed('AUC 0.05'), printed('AUC 0.06'))).toEqual([]);
    expect(compared(printed('from −3.1 on'), printed('from -3.2 on'))).toEqual([]);
  });

  it('tells numbers that are farther away, with what stands before them', () => {
    expect(compared(printed('1000 films'), printed('1030 films'))).toEqual([
      "cell only, output 1: 1000 is stored behind '', now it is 1030",
    ]);
    expect(compared(printed('AUC 0.93'), printed('AUC 0.90'))).toEqual([
      "cell only, output 1: 0.93 is stored behind 'AUC', now it is 0.90",
    ]);
  });

  it('tells other words, other kinds and other counts of outputs', () => {
    expect(compared(printed('5 normal'), printed('5 films'))[0]).toContain("gives 'films'");
    expect(compared(printed('5'), shown('text/html', '5'))[0]).toContain('stdout is stored');
    expect(differences(notebook(printed('5')), notebook())).toEqual([
      'cell only: 1 outputs are stored, the code gives 0',
    ]);
  });

  it('pictures by their pixels, alone or within HTML', () => {
    const [dark, close, far] = [png(0, 100, 200), png(1, 101, 201), png(90, 100, 200)];
    expect(compared(shown('image/png', dark), shown('image/png', close))).toEqual([]);
    expect(compared(shown('image/png', dark), shown('image/png', far))[0]).toContain('30.0 grey');
    const html = (data: string) => shown('text/html', `<img src="data:image/png;base64,${data}">`);
    expect(compared(html(dark), html(close))).toEqual([]);
    expect(compared(html(dark), html(far))[0]).toContain('30.0 grey');
    expect(compared(html(dark), html(png(0, 100)))[0]).toContain('3 x 1 is stored');
  });
});
