import { renamedKind } from '../baselines/renamed-kinds.js';
import { check } from '../support/check.js';
import type { ExperimentConfig } from './config.js';
import type { DetectorFactory } from './detector-factory.js';
import { libraryDetectors } from './library-detectors.js';
import type { RunExperimentOptions } from './run-options.js';

/**
 * The factory of a kind of detector, for every kind that a config names: the library's own, and those of the options.
 *
 * @throws INVALID_OPTION where the config names a kind or a data set that is not registered
 */
export function registeredFor(
  where: string,
  { detectors, dataSets }: ExperimentConfig,
  options: Pick<RunExperimentOptions, 'dataSets' | 'detectors'>,
): (kind: string) => DetectorFactory {
  const factories: Readonly<Record<string, DetectorFactory>> = {
    ...libraryDetectors,
    ...options.detectors,
  };
  // A config may call a kind of the library's by an older name.
  const nameOf = (kind: string) => (Object.hasOwn(factories, kind) ? kind : renamedKind(kind));
  checkRegistered(
    where,
    'detector',
    detectors.map(({ kind }) => nameOf(kind)),
    factories,
  );
  checkRegistered(where, 'data set', dataSets, options.dataSets);
  return (kind) => factories[nameOf(kind)];
}

function checkRegistered(
  where: string,
  what: string,
  names: readonly string[],
  registered: Readonly<Record<string, unknown>>,
): void {
  const unknown = names.find((name) => !Object.hasOwn(registered, name));
  check(
    unknown === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: the config names the ${what} '${unknown}'; expected one of ${Object.keys(registered).join(', ')}; register it in the options.`,
    { [what]: unknown },
  );
}
