import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SaladError } from '../support/errors.js';

const FILE = 'efficientnet-lite0.bin';

/** Beside the built file; beside the source. Not written as literals, which bundlers would look up while they build. */
const PLACES = ['.', '../encoders'];

/**
 * In Node: the weights of efficientNetLite0, beside the code that runs; where that was bundled, in the package, looked up
 * from the working directory.
 *
 * @throws MISSING_WEIGHTS
 */
export async function packagedWeights(where: string): Promise<Uint8Array> {
  const urls = PLACES.map((folder) => new URL(`${folder}/${FILE}`, import.meta.url));
  for (const place of [...urls, installed()]) {
    const bytes = place && (await readFile(place).catch(() => undefined));
    if (bytes) return bytes;
  }
  throw new SaladError(
    'MISSING_WEIGHTS',
    `${where}: the weights are not at ${urls[0]}, nor in a package that is found from ${process.cwd()}; expected the file of the package; read 'salad-ad/encoders/${FILE}' yourself, and give its bytes as weights.`,
    { url: String(urls[0]) },
  );
}

function installed(): string | undefined {
  try {
    return createRequire(join(process.cwd(), 'index.js')).resolve(`salad-ad/encoders/${FILE}`);
  } catch {
    return undefined;
  }
}
