import type { DriftSummary, DriftWindow } from '../../monitor/drift-summary.js';
import { formatNumber } from '../content/format.js';
import { html, type Markup } from './markup.js';
import { numbers } from './numbers-table.js';

/** Whether there was an alarm, in a sentence. */
export function driftText({ films, falseAlarmRate, streams }: DriftSummary): Markup {
  const alarms = streams.filter(({ alarm }) => alarm !== undefined);
  const found =
    alarms.length === 0
      ? `No change was found in ${films} films.`
      : `The films changed: ${alarms.map(({ name, alarm }) => `${name} (alarm at film ${alarm} of ${films})`).join(', ')}.`;
  return html`<p><strong>${found}</strong> Where nothing changes, the chance that any alarm is ever raised is at most ${formatNumber(100 * falseAlarmRate, 2)}%. An alarm says that films differ from earlier ones, not why, and not that scores are wrong.</p>`;
}

/** Evidence of each thing that is watched. */
export function evidenceTable({ streams }: DriftSummary): Markup {
  return numbers(
    'Evidence of a change',
    undefined,
    ['watched', 'values', 'evidence now', 'highest', 'alarm from', 'alarm at film'],
    streams.map((one) => [
      one.name,
      one.values,
      evidence(one.evidence),
      evidence(one.highest),
      formatNumber(one.threshold, 3),
      one.alarm ?? '–',
    ]),
  );
}

/** The last films of all and of each group, with how their traits lie beside the reference. */
export function windowsTable(windows: readonly DriftWindow[]): Markup {
  const has = (key: 'flagged' | 'beyondNormals' | 'rare') =>
    windows.some((window) => window[key] !== undefined);
  const [flagged, beyond, rare] = (['flagged', 'beyondNormals', 'rare'] as const).map(has);
  const names = windows[0]?.shifts.map(({ name }) => name) ?? [];
  return numbers(
    'The last films',
    'The last films of all, and of each group. Shifts: of numbers, how often a value is higher than one of the reference (.5 is no shift); of categories, the share that would have to change (0 is no shift).',
    [
      'group',
      'films',
      'unreadable',
      'without score',
      flagged && 'flagged',
      beyond && 'above all normals',
      rare && 'p up to .05',
      ...names.map((name) => `shift of ${name}`),
    ],
    windows.map((window) => [
      window.group ?? 'all',
      `${window.inWindow}\u00a0of\u00a0${window.films}`,
      percent(window.unreadable),
      percent(window.withoutScore),
      flagged && percent(window.flagged),
      beyond && percent(window.beyondNormals),
      rare && percent(window.rare),
      ...names.map((of) => shift(window.shifts.find(({ name }) => name === of))),
    ]),
  );
}

function evidence(value: number): string {
  return value >= 1e6 ? value.toExponential(1) : formatNumber(value, 3);
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(1)}%`;
}

function shift(one: DriftWindow['shifts'][number] | undefined): string {
  const value = one?.higher ?? one?.distance;
  if (value === undefined) return '–';
  const grown = one?.grown;
  return grown
    ? `${value.toFixed(2)} (${grown.value}: ${percent(grown.referenceShare)} to ${percent(grown.share)})`
    : value.toFixed(2);
}
