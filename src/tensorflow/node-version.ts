import { check } from '../support/check.js';

/** Node 23 removed a function that tfjs-node 4.22 calls in its operations. @throws BACKEND_NOT_READY */
export function checkNodeVersion(where: string): void {
  const { process } = globalThis as {
    process?: {
      versions?: { node?: string };
      getBuiltinModule?: (name: string) => object | undefined;
    };
  };
  const util = process?.getBuiltinModule?.('node:util');
  check(
    !util || 'isNullOrUndefined' in util,
    'BACKEND_NOT_READY',
    () =>
      `${where}: Node ${process?.versions?.node} has no util.isNullOrUndefined, which '@tensorflow/tfjs-node' 4.22 calls; expected Node 20 or 22; run on one of them, or use another backend.`,
  );
}
