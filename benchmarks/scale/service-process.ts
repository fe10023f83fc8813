import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The service of examples/service as a process of its own, once it is ready. @param port 0: any that is free */
export async function startService(
  model: string,
  places: string,
  port = 0,
): Promise<{ readonly service: ChildProcess; readonly port: number }> {
  const given = ['--model', model, '--port', String(port), '--places', places];
  const service = spawn(
    process.execPath,
    ['--import', 'tsx', 'examples/service/main.ts', ...given],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return { service, port: await portOf(service) };
}

function portOf(child: ChildProcess): Promise<number> {
  let log = '';
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the service ended')));
    child.stdout!.on('data', (data) => {
      // The log of each film is read on and forgotten.
      if (log.includes('"ready"')) return;
      log += data;
      if (log.includes('"ready"')) resolve(Number(/"port":(\d+)/.exec(log)?.[1]));
    });
  });
}

/** The value of one line of /metrics. */
export async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = text.split('\n').find((line) => line.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}
