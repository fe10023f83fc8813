import { type ThreadStart, WORKER_CODE } from './worker-code.js';

/** A thread that was started. */
export interface Thread {
  end(): void;
}

/** Told where a thread ends by itself; `begun` is false where it never took up work. */
export type OnEnd = (reason: string, begun: boolean) => void;

/** What is used of node:worker_threads, whose types a page has not. */
interface NodeThreads {
  readonly Worker: new (
    code: string,
    options: object,
  ) => {
    on(event: 'message' | 'error' | 'exit', listener: (cause: Error) => void): void;
    unref(): void;
    terminate(): Promise<number>;
  };
}

/** Starts a thread, in Node or of a page; undefined where none can be started. */
export function startThread(start: ThreadStart, onEnd: OnEnd): Thread | undefined {
  const node = builtin<NodeThreads>('node:worker_threads');
  try {
    return node ? startInNode(node, start, onEnd) : startInPage(start, onEnd);
  } catch {
    // A page's policy may forbid it.
    return undefined;
  }
}

/** A module of Node; undefined elsewhere. No import, which bundles for pages would look for. */
export function builtin<Module>(name: string): Module | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as Module | undefined;
}

function startInNode({ Worker }: NodeThreads, start: ThreadStart, onEnd: OnEnd): Thread {
  // Nothing of the program's own start, loaders say, is wanted in it.
  const worker = new Worker(WORKER_CODE, { eval: true, workerData: start, execArgv: [], env: {} });
  let reason = 'it left by itself';
  let wanted = true;
  let begun = false;
  worker.on('message', () => {
    begun = true;
  });
  worker.on('error', (error: Error) => {
    reason = error.message;
  });
  worker.on('exit', () => {
    if (wanted) onEnd(reason, begun);
  });
  worker.unref();
  return {
    end() {
      wanted = false;
      void worker.terminate();
    },
  };
}

function startInPage(start: ThreadStart, onEnd: OnEnd): Thread {
  const url = URL.createObjectURL(new Blob([WORKER_CODE], { type: 'text/javascript' }));
  const worker = new Worker(url);
  let begun = false;
  worker.onmessage = () => {
    begun = true;
    URL.revokeObjectURL(url);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    onEnd(event.message || 'it was not allowed to start', begun);
  };
  worker.postMessage(start);
  return { end: () => worker.terminate() };
}
