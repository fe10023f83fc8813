import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const inOutput = (path: string) => fileURLToPath(new URL(`../../output/${path}`, import.meta.url));

/** Where npm packages that are only compared with are installed. */
export const nodeLibraries = inOutput('other-libraries-node');

/** The Python that holds the others. */
export function librariesPython(): string {
  const own = inOutput('other-libraries/bin/python');
  return process.env.SPEED_PYTHON ?? (existsSync(own) ? own : 'python3');
}
