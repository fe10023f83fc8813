const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

type Listener = (...values: unknown[]) => void;

interface Host {
  listeners(event: string): Listener[];
  removeListener(event: string, listener: Listener): void;
}

/**
 * Runs `start`, and removes what it has put on Node's process for uncaught errors: programs that Emscripten
 * has made, such as tfjs's wasm backend and OpenCV, raise every such error of the application anew, so that it appears under a
 * line of theirs and the process exits with 7.
 */
export async function withoutNewListeners<T>(start: () => Promise<T>): Promise<T> {
  const { process } = globalThis as { process?: Partial<Host> };
  const host = process?.listeners && process.removeListener ? (process as Host) : undefined;
  const before = EVENTS.map((event) => host?.listeners(event) ?? []);
  try {
    return await start();
  } finally {
    EVENTS.forEach((event, i) => {
      for (const listener of host?.listeners(event) ?? [])
        if (!before[i].includes(listener)) host?.removeListener(event, listener);
    });
  }
}
