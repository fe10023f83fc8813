import { SaladError } from '../support/errors.js';

/**
 * In a page or a worker: the weights of efficientNetLite0 from the file beside the code that runs, which bundlers that know
 * `new URL(file, import.meta.url)` put there.
 *
 * @throws MISSING_WEIGHTS
 */
export async function packagedWeights(where: string): Promise<Uint8Array> {
  const url = new URL('./efficientnet-lite0.bin', import.meta.url);
  let found: string;
  try {
    const response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    found = `the server answers ${response.status}`;
  } catch (error) {
    found = String(error);
  }
  throw new SaladError(
    'MISSING_WEIGHTS',
    `${where}: the weights are not at ${url} (${found}); expected the file of the package there; serve 'salad-ad/encoders/efficientnet-lite0.bin' yourself, and give its bytes as weights.`,
    { url: String(url) },
  );
}
