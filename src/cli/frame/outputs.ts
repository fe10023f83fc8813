import { access, constants, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { misused, remedyOf, unusable } from './failure.js';

/** Says before any work that no file can be written to a path. @throws Failure */
export async function checkFile(path: string): Promise<void> {
  const facts = await factsOf(path);
  if (facts?.isDirectory())
    throw unusable(`'${path}' is a folder; name a file, such as '${join(path, 'result')}'`);
  // Renaming a result into the place of a device would take the device away.
  if (facts && !facts.isFile())
    throw unusable(`'${path}' is no file but a device or a pipe; name a file`);
  await checkPlace(dirname(resolve(path)), path);
}

/** The same of a folder, which is made where it is not there. @throws Failure */
export async function checkFolder(path: string): Promise<void> {
  const facts = await factsOf(path);
  if (facts && !facts.isDirectory()) throw unusable(`'${path}' is a file; name a folder`);
  await checkPlace(resolve(path), path);
}

/** The same of a folder for a model, among no other files, which nobody would look for beside it. @throws Failure */
export async function checkModelFolder(path: string): Promise<void> {
  await checkFolder(path);
  const there: readonly string[] = await readdir(path).catch(() => []);
  if (there.length > 0 && !there.includes('model.json'))
    throw misused(
      `the folder '${path}' holds other files ('${there[0]}' say); name a folder for the model that is new or empty`,
    );
}

/** The deepest folder on the way that is there must be one that files may be put into. */
async function checkPlace(folder: string, path: string): Promise<void> {
  const facts = await factsOf(folder);
  if (!facts && dirname(folder) !== folder) return checkPlace(dirname(folder), path);
  if (facts && !facts.isDirectory())
    throw unusable(`'${path}' cannot be written: '${folder}' is a file; name another place`);
  await access(folder, constants.W_OK).catch((cause) => {
    throw unusable(`'${path}' cannot be written (${cause.code}); ${remedyOf(cause.code)}`);
  });
}

const factsOf = (path: string) => stat(path).catch(() => undefined);
