import { check, checkObject, said } from '../support/check.js';
import { betCount } from './evidence.js';
import { checkedOptions, type MonitorSettings } from './options.js';
import type { RecentGroup } from './recent-films.js';
import type { ReferenceValues } from './reference.js';
import type { StreamState } from './stream.js';

/** What every state begins with. */
export const STATE_FORMAT = { format: 'salad-ad drift monitor', version: 1 } as const;

/** What a `DriftMonitor` is, as JSON. */
export interface MonitorState {
  readonly format: string;
  readonly version: number;
  readonly settings: MonitorSettings;
  readonly streams: readonly StreamState[];
  readonly recent: RecentGroup[];
  readonly reference?: ReferenceValues;
  readonly films: number;
}

/**
 * A state that a monitor can go on from.
 *
 * @throws INVALID_OPTION | FORMAT_VERSION
 */
export function checkedState(where: string, state: unknown): MonitorState {
  checkObject(where, 'state', state, 'what DriftMonitor.toJSON gave');
  const { format, version, settings, streams, recent, reference, films } = state as MonitorState;
  const whole = (condition: boolean, what: string) =>
    check(
      condition,
      'INVALID_OPTION',
      () =>
        `${where}: ${what}; expected what DriftMonitor.toJSON gave, unchanged. Take an earlier copy, or begin anew.`,
    );
  whole(format === STATE_FORMAT.format, `state.format is ${said(format)}`);
  check(
    version === STATE_FORMAT.version,
    'FORMAT_VERSION',
    () =>
      `${where}: state.version is ${said(version)}; this version of salad-ad reads ${STATE_FORMAT.version}. Update the package, or begin anew.`,
  );
  checkObject(where, 'state.settings', settings, 'what DriftMonitor.toJSON gave');
  checkedOptions(where, settings);
  const names = ['score', 'reading', ...Object.keys(settings.traits)];
  whole(isCount(films), `state.films is ${said(films)}`);
  whole(
    Array.isArray(streams) && names.every((name, i) => streams[i]?.name === name),
    `state.streams are not those of ${names.join(', ')}`,
  );
  for (const stream of streams)
    whole(isStream(stream), `the stream '${stream.name}' of the state is damaged`);
  whole(
    Array.isArray(recent) && recent[0]?.name === '' && recent.every(isGroup),
    'the windows of the state are damaged',
  );
  whole(
    reference === undefined || (typeof reference === 'object' && reference !== null),
    'the reference of the state is damaged',
  );
  return state as MonitorState;
}

function isStream({ kind, values, evidence, trail, count }: StreamState): boolean {
  const numbers = (list: unknown, length?: number) =>
    Array.isArray(list) &&
    list.every(Number.isFinite) &&
    (length === undefined || list.length === length);
  const { step, placed, jumper, most, now } = evidence ?? {};
  return (
    isCount(count) &&
    step === count &&
    numbers(placed, betCount) &&
    numbers(jumper, 3) &&
    Number.isFinite(most) &&
    Number.isFinite(now) &&
    isCount(trail?.every) &&
    Array.isArray(trail.points) &&
    trail.points.every((point) => numbers(point, 2)) &&
    Array.isArray(values) &&
    (kind === 'number'
      ? numbers(values) &&
        (values as number[]).every((value, i) => i === 0 || value >= Number(values[i - 1]))
      : kind === 'category' &&
        (values as readonly (readonly [string, number])[]).every(
          (pair) => typeof pair?.[0] === 'string' && isCount(pair[1]),
        ))
  );
}

function isGroup({ name, films, last }: RecentGroup): boolean {
  return (
    typeof name === 'string' &&
    isCount(films) &&
    Array.isArray(last) &&
    last.every((film) => typeof film?.values === 'object' && film.values !== null)
  );
}

const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
