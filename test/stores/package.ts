import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * A package that users bring, from node_modules or from `output/stores`, where large ones go.
 *
 * @returns the package, or what to say where it is not there
 */
export function broughtPackage<Module>(
  name: string,
  install: string,
): { module?: Module; missing: string } {
  for (const folder of [process.cwd(), join(process.cwd(), 'output/stores')])
    try {
      return { module: createRequire(join(folder, 'package.json'))(name) as Module, missing: '' };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  return { missing: ` (not here: run \`${install}\`)` };
}

/** Installs LanceDB without what its embedding functions need, which are 500 MB. */
export const installLance =
  'npm install --prefix output/stores --no-save --omit=optional @lancedb/lancedb@0.31.0 @lancedb/lancedb-linux-x64-gnu@0.31.0 apache-arrow@18.1.0';
