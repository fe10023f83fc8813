/** The import of a memory of any size, as compilers write it: (import "env" "memory" (memory 0)). */
const UNSHARED = [2, 15, 1, 3, ...bytesOf('env'), 6, ...bytesOf('memory'), 2, 0, 0];

/** The same of a memory that threads share, of 4 GiB at most: 65,536 pages. */
const SHARED = [2, 18, 1, 3, ...bytesOf('env'), 6, ...bytesOf('memory'), 2, 3, 0, 128, 128, 4];

/** A module that imports its memory, made to import one that is shared: all else is the same, to the byte. */
export function onSharedMemory(module: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = module.findIndex((_, place) =>
    UNSHARED.every((byte, i) => module[place + i] === byte),
  );
  if (at < 0) throw new Error('the module imports no memory, or not as it was built to');
  const shared = new Uint8Array(module.length + SHARED.length - UNSHARED.length);
  shared.set(module.subarray(0, at));
  shared.set(SHARED, at);
  shared.set(module.subarray(at + UNSHARED.length), at + SHARED.length);
  return shared;
}

function bytesOf(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}
