import type { PackedModel } from '../workers/messages.js';

const at = (name: string) => new URL(`sample/${name}`, document.baseURI).href;

/** The model that the page brings along, fetched when it is needed first. */
export async function fetchSampleModel(): Promise<PackedModel> {
  const [described, profile] = await Promise.all([
    fetchJson<{ weightsManifest: [{ paths: [string]; weights: [] }] }>('model.json'),
    fetchJson<PackedModel['profile']>('gate.json'),
  ]);
  const { weightsManifest, ...artifacts } = described;
  const [{ paths, weights }] = weightsManifest;
  const weightData = await fetchBytes(paths[0]);
  return { artifacts: { ...artifacts, weightSpecs: weights, weightData } as never, profile };
}

/** The normal films that the sample model learnt, 64 x 64 bytes each, in the order of its rows. */
export const fetchSampleFilms = () => fetchBytes('films.bin').then((all) => new Uint8Array(all));

/** The films that it was validated on, and their labels: 1 abnormal, 0 normal. */
export async function fetchSampleValidation() {
  const [pixels, { labels }] = await Promise.all([
    fetchBytes('validation.bin'),
    fetchJson<{ labels: readonly number[] }>('films.json'),
  ]);
  return { pixels: new Uint8Array(pixels), labels };
}

async function fetchJson<T>(name: string): Promise<T> {
  return (await fetched(name)).json();
}

const fetchBytes = async (name: string) => (await fetched(name)).arrayBuffer();

async function fetched(name: string): Promise<Response> {
  const response = await fetch(at(name));
  if (!response.ok)
    throw new Error(
      `The sample model is not there (${name}: ${response.status}). Run 'npm run build:browser'.`,
    );
  return response;
}
