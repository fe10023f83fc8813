import { afterEach, expect, test, vi } from 'vitest';
import { figures, renderReport } from '../../src/report/index.js';

const curves = [{ name: 'a', falsePositiveRates: [0, 1], truePositiveRates: [0, 1] }];
const image = { pixels: [0], height: 1, width: 1 };

function hide(name: string): void {
  vi.doMock(name, () => {
    throw new Error(`Cannot find package '${name}'`);
  });
}

afterEach(() => {
  for (const name of ['@observablehq/plot', 'linkedom', 'fast-png']) vi.doUnmock(name);
  vi.resetModules();
});

test.each(['@observablehq/plot', 'linkedom'])(
  'a figure without %s names the remedy',
  async (name) => {
    hide(name);
    const drawn = figures.roc({ curves });
    await expect(drawn).rejects.toMatchObject({ code: 'MISSING_PEER', details: { package: name } });
    await expect(drawn).rejects.toThrow(`figures.roc: the optional package '${name}'`);
    await expect(drawn).rejects.toThrow(`npm install ${name}`);
  },
);

test('a gallery without fast-png names the remedy', async () => {
  hide('fast-png');
  const drawn = figures.gallery([{ title: 'All', items: [{ id: 'a', score: 1, image }] }]);
  await expect(drawn).rejects.toMatchObject({ code: 'MISSING_PEER' });
  await expect(drawn).rejects.toThrow('npm install fast-png');
});

test('a page of tables needs no optional package', async () => {
  for (const name of ['@observablehq/plot', 'linkedom', 'fast-png']) hide(name);
  const facts = [{ name: 'seed', value: 7 }];
  await expect(renderReport({ title: 'Tables', facts })).resolves.toContain('seed');
});
