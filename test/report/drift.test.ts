import { expect, test } from 'vitest';
import { DriftMonitor } from '../../src/monitor/index.js';
import { figures, renderReport } from '../../src/report/index.js';
import { parsePage } from './parse.js';

function watched(shift: number) {
  const reference = Array.from({ length: 60 }, (_, i) => ({ score: (i * 37) % 61 }));
  const monitor = new DriftMonitor({ reference, window: 20 });
  for (let i = 0; i < 60; i++) monitor.add({ score: ((i * 29) % 61) + shift, group: '<b>' });
  return monitor.summary();
}

test('the page says whether films changed, with evidence and windows', async () => {
  const page = parsePage(await renderReport({ title: 'Films', drift: watched(200) }));
  const section = page.querySelector('#drift')!;
  const { alarm } = watched(200).streams[0];
  expect(section.textContent).toContain(`The films changed: score (alarm at film ${alarm} of 60)`);
  expect(section.querySelectorAll('table')).toHaveLength(2);
  expect(section.querySelector('svg')).not.toBeNull();
  expect(section.textContent).toContain('<b>');
  const quiet = parsePage(await renderReport({ title: 'Films', drift: watched(0) }));
  expect(quiet.querySelector('#drift')!.textContent).toContain('No change was found in 60 films.');
});

test('a monitor that saw nothing has a sentence and no figure', async () => {
  const drift = new DriftMonitor().summary();
  const page = parsePage(await renderReport({ title: 'Films', drift }));
  expect(page.querySelector('#drift')!.textContent).toContain('0 films');
  expect(page.querySelector('#drift svg')).toBeNull();
  await expect(figures.drift(drift)).rejects.toMatchObject({ code: 'EMPTY_SET' });
});
