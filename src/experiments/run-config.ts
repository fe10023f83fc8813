import type { ImageShape } from '../images/pixels.js';
import type { ResizePolicy } from '../images/resize.js';
import type { AnomalyPlan, Choice, DetectorPlan } from './config.js';
import { hashOf } from './identity.js';
import { currentWord, storedOptions, storedWord } from './stored-words.js';

/**
 * Everything that a run depends on; JSON. Its hash names the run.
 *
 * @example
 * const { detector, seed, choice }: RunConfig = run.config;
 */
export interface RunConfig {
  /** Raised when stored runs no longer stand for what the code would compute. */
  readonly formatVersion: number;
  /** The detector's plan. */
  readonly detector: Omit<DetectorPlan, 'scoreMethods' | 'afterEvaluation'> & {
    /** Further scores of the fitted detector; empty for none. */
    readonly scoreMethods: readonly string[];
  };
  /** Name of the data set. */
  readonly dataSet: string;
  /** Hash of ids, labels and pixels. */
  readonly dataHash: string;
  /** [height, width, channels] of the images that the detector is given. */
  readonly inputShape: ImageShape;
  /** How images of another size are brought there. */
  readonly resize: ResizePolicy;
  /** The known anomalies among the training images. */
  readonly anomalies: AnomalyPlan;
  /** Of everything that is drawn. */
  readonly seed: number;
  /** How settings and weights are fixed. */
  readonly choice: Choice;
  /** Wall-clock seconds of one fit; absent for no limit. */
  readonly budgetSeconds?: number;
}

/** The hash that names a run. */
export function idOf(config: RunConfig): string {
  return hashOf(storedConfig(config));
}

/** The words and fields of version 0.1. */
function storedConfig({ detector, anomalies, choice, ...rest }: RunConfig): object {
  const { kind, options, settings, knownAnomalies, scoreMethods, ...named } = detector;
  const { findings: kinds, ...share } = anomalies;
  return {
    ...rest,
    choice: storedWord(choice),
    anomalies: { ...share, kinds },
    detector: {
      ...named,
      kind: storedWord(kind),
      options: storedOptions(options),
      settings: storedOptions(settings),
      knownAnomalies: knownAnomalies && storedWord(knownAnomalies),
      readouts: scoreMethods.map(storedWord),
    },
  };
}

type KnownAnomalies = NonNullable<DetectorPlan['knownAnomalies']>;
type StoredDetector = DetectorPlan & { readonly readouts?: readonly string[] };
type StoredAnomalies = AnomalyPlan & { readonly kinds?: readonly string[] };

/** The config of a run, of whatever version, in the words of the code. */
export function configFromStored({ detector, anomalies, choice, ...rest }: RunConfig): RunConfig {
  const {
    kind,
    readouts = [],
    scoreMethods = readouts,
    knownAnomalies,
    ...plan
  }: StoredDetector = detector;
  const { kinds, findings = kinds, ...share }: StoredAnomalies = anomalies;
  return {
    ...rest,
    choice: currentWord<Choice>(choice),
    anomalies: { ...share, ...(findings && { findings }) },
    detector: {
      ...plan,
      kind: currentWord(kind),
      ...(knownAnomalies && { knownAnomalies: currentWord<KnownAnomalies>(knownAnomalies) }),
      scoreMethods: scoreMethods.map((method) => currentWord(method)),
    },
  };
}
