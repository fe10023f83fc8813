import { exitCodes } from './exit-codes.js';

/** An end that the user can do something about: one sentence with the remedy, and the exit code. */
export class Failure extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'Failure';
  }
}

/** A line that was written in a wrong way. */
export const misused = (message: string): Failure => new Failure(exitCodes.usage, message);

/** Files that are not what they should be. */
export const unusable = (message: string): Failure => new Failure(exitCodes.files, message);

const BY_CODE: Readonly<Record<string, number>> = {
  UNKNOWN_OPTION: exitCodes.usage,
  INVALID_OPTION: exitCodes.usage,
  MISSING_PEER: exitCodes.missing,
  MISSING_WEIGHTS: exitCodes.missing,
  BACKEND_NOT_READY: exitCodes.missing,
  BACKEND_CANNOT_TRAIN: exitCodes.missing,
  THREAD_ENDED: exitCodes.failed,
  OUT_OF_MEMORY: exitCodes.failed,
};

/** What a command line user does where the library's own remedy is a call. */
const REMEDIES: Readonly<Record<string, string>> = {
  NO_RECIPE:
    'the model does not know how its images were made of files; give `recipe` in a configuration file (`salad-ad config --help`)',
  NOT_FITTED: 'the model has learnt nothing yet; train one with `salad-ad fit`',
  ALREADY_FITTED: 'there is a trained model already; name another folder with --out',
};

/** The exit code and the sentence of whatever was thrown. */
export function told(error: unknown): { readonly exitCode: number; readonly message: string } {
  if (error instanceof Failure) return { exitCode: error.exitCode, message: error.message };
  const { name, code, message, stack } = Object(error) as NodeJS.ErrnoException;
  if (name === 'SaladError') {
    const text = message.replace(/^[A-Za-z][\w.]*: /, '').replace(` [${code}]`, '');
    return {
      exitCode: BY_CODE[code ?? ''] ?? exitCodes.files,
      message: `${REMEDIES[code ?? ''] ?? text} [${code}]`,
    };
  }
  const missing =
    /^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? '') &&
    /Cannot find (?:package|module) '([^'./][^']*)'/.exec(message);
  if (missing) return { exitCode: exitCodes.missing, message: missingPackage(missing[1]) };
  if (
    /^(ENOENT|ENOTDIR|EISDIR|EACCES|EPERM|EROFS|ENOSPC|EMFILE|EEXIST|ENOTEMPTY)$/.test(code ?? '')
  )
    return {
      exitCode: exitCodes.files,
      message: `${message}; check that the path exists and that you may read and write there`,
    };
  return {
    exitCode: exitCodes.failed,
    message: `this is a fault of the program: ${stack ?? String(error)}`,
  };
}

/** The sentence about a package that has to be installed. */
export function missingPackage(name: string): string {
  const all = name.startsWith('@tensorflow/')
    ? '@tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-wasm'
    : name;
  return `the package '${name}' is not installed beside salad-ad; run \`npm install ${all}\`, and \`salad-ad doctor\` to see what else is missing`;
}
