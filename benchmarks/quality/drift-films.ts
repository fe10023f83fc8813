import '@tensorflow/tfjs-backend-wasm';
import type { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { concatSources, type ImageSource, inspectImages, subset } from 'salad-ad/data';
import { libraryDetectors } from 'salad-ad/experiments';
import { enableWasmTraining } from 'salad-ad/wasm';
import { openers } from './data-sets.js';

const SIZE = 32;
/** The films that the model learnt, and other sites and body parts. */
const HOME = 'cxr-pneumonia-128';
const ELSEWHERE = ['nih-cxr', 'nih64', 'knee', 'pneumoniamnist'];

/** What is watched of each film of a set. */
export interface WatchedSet {
  readonly name: string;
  readonly scores: readonly number[];
  readonly brightness: readonly number[];
  readonly sharpness: readonly number[];
}

/** Home's validation normals first, then what may follow them. Training and validation films only: no test film is scored. */
export async function watchedSets(): Promise<WatchedSet[]> {
  await detectBackend();
  enableWasmTraining();
  const home = await openers(128)[HOME]();
  const { detector } = await libraryDetectors.salad({
    options: {},
    inputShape: [SIZE, SIZE, 1],
    resize: { method: 'area', fit: 'stretch' },
    seed: 1,
    keep: 'last',
  });
  const model = detector as unknown as SaladModel;
  await model.fit(labelled(home.train, 0));
  const sets: [name: string, source: ImageSource][] = [
    ['validation normals', labelled(home.validation, 0)],
    ['pneumonia of the same hospital', labelled(home.validation, 1)],
  ];
  for (const name of ELSEWHERE) {
    const { train, validation } = await openers(128)[name]();
    sets.push([`normals of ${name}`, concatSources(labelled(train, 0), labelled(validation, 0))]);
  }
  const watched: WatchedSet[] = [];
  for (const [name, source] of sets) {
    const { scores } = await model.score(source);
    const inspected = [...(await inspectImages(source)).values()];
    watched.push({
      name,
      scores: Array.from(scores),
      brightness: inspected.map((one) => one?.brightness ?? 0),
      sharpness: inspected.map((one) => one?.sharpness ?? 0),
    });
    console.error(`${name}: ${scores.length} films`);
  }
  model.dispose();
  return watched;
}

function labelled(source: ImageSource, label: number): ImageSource {
  const labels = Array.from(source.labels ?? []);
  return subset(
    source,
    labels.flatMap((own, i) => (own === label ? [i] : [])),
  );
}
