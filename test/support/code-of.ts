/** The code of the SaladError that a call throws, or that what it awaits rejects with. */
export function codeOf(work: Promise<unknown> | (() => Promise<unknown>)): Promise<string>;
export function codeOf(work: () => unknown): string;
export function codeOf(work: Promise<unknown> | (() => unknown)): string | Promise<string> {
  try {
    const done = typeof work === 'function' ? work() : work;
    if (done instanceof Promise) return done.then(nothingWrong, code);
    return nothingWrong();
  } catch (error) {
    return code(error);
  }
}

function code(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}

function nothingWrong(): never {
  throw new Error('expected an error');
}
