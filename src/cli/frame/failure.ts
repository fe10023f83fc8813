import { exitCodes } from './exit-codes.js';
import { installLine } from './packages.js';

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

/** What a program would be told to do, and what there is on the line in its place. */
export const PHRASES: readonly (readonly [ofLibrary: string, ofLine: string])[] = [
  ['or a lower quantile', 'or a higher --false-alarms'],
  [
    'then try trimBeyond, a lower quantile or another score',
    'then try --trim-beyond, a higher --false-alarms or another score',
  ],
  [
    'give accept if they are named otherwise',
    'name the folder that holds the images, or a CSV list of them',
  ],
  ['; give a function for other words', ''],
  ['see problems in the result', 'the column problem of the table says why'],
  [': save keeps it', ''],
  [', or raise retries, longestWait or timeout', ''],
  [
    'give headers that the server lets in, or a function that renews them',
    'set the environment variable SALAD_AD_DICOMWEB_AUTHORIZATION to a header that it lets in',
  ],
  ['narrow the query, or raise maxInstances', 'narrow --query'],
  [
    'narrow the query, to a period that is over say, and give a pageSize below the number of instances that it matches',
    'narrow --query, to a period that is over say',
  ],
  [
    'give a pageSize below the number of instances that the query matches',
    'export the films of this server as files, and score these',
  ],
  [
    ', and fit with resume: true goes on',
    '; the same line with --resume goes on from the last whole checkpoint',
  ],
];

/** A message of the library for who has no program but a line: without the name of the call, and with remedies of the line. */
export function onTheLine(message: string): string {
  const text = message.replace(/^[A-Za-z][\w.]*: /, '');
  return PHRASES.reduce((all, [ofLibrary, ofLine]) => all.replace(ofLibrary, ofLine), text);
}

/** The exit code and the sentence of whatever was thrown. */
export function told(error: unknown): { readonly exitCode: number; readonly message: string } {
  if (error instanceof Failure) return { exitCode: error.exitCode, message: error.message };
  const { name, code = '', message, stack } = Object(error) as NodeJS.ErrnoException;
  if (name === 'SaladError') {
    const text = REMEDIES[code] ?? onTheLine(message).replace(` [${code}]`, '');
    const all = text.replace(/npm install (\S+)(?=`\.?$)/, (_, missing) => installLine(missing));
    return { exitCode: BY_CODE[code] ?? exitCodes.files, message: `${all} [${code}]` };
  }
  const missing =
    /^(ERR_)?MODULE_NOT_FOUND$/.test(code) &&
    /Cannot find (?:package|module) '([^'./][^']*)'/.exec(message);
  if (missing) return { exitCode: exitCodes.missing, message: missingPackage(missing[1]) };
  if (isOfFiles(code))
    return { exitCode: exitCodes.files, message: `${message}; ${remedyOf(code)}` };
  return {
    exitCode: exitCodes.failed,
    message: `this is a fault of the program: ${stack ?? String(error)}`,
  };
}

const isOfFiles = (code: string) =>
  /^(ENOENT|ENOTDIR|EISDIR|EACCES|EPERM|EROFS|ENOSPC|EDQUOT|EFBIG|EIO|EMFILE|EEXIST|ENOTEMPTY|ENAMETOOLONG|ELOOP)$/.test(
    code,
  );

/** What to do where the system refuses a file. */
export function remedyOf(code: string | undefined): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return 'no space is left there: free some, or write elsewhere';
  if (code === 'EROFS') return 'that place can only be read: write elsewhere';
  if (code === 'EACCES' || code === 'EPERM')
    return 'permission is denied: let your user read and write there, or name another place';
  if (code === 'EMFILE') return 'too many files are open: raise the limit (`ulimit -n`)';
  return 'check that the path exists and that you may read and write there';
}

/** The sentence about a package that has to be installed. */
export function missingPackage(name: string): string {
  return `the package '${name}' is not installed beside salad-ad; run \`${installLine(name)}\`, and \`salad-ad doctor\` to see what else is missing`;
}
