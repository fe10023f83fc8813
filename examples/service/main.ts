/**
 * A model as a service: films by HTTP, scores as JSON.
 *
 *   npx tsx examples/service/main.ts --model model
 *   curl --data-binary @film.dcm http://127.0.0.1:8080/score
 *
 * Research software, not a medical device.
 */
import { parseArgs } from 'node:util';
import { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { fileSystem } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import { filmServer } from './film-server.js';
import { Refusal } from './refusal.js';

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string', default: 'model' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8080' },
    'most-bytes': { type: 'string', default: '50e6' },
    'upload-seconds': { type: 'string', default: '30' },
    'score-seconds': { type: 'string', default: '30' },
    places: { type: 'string', default: '32' },
    'at-once': { type: 'string', default: '2' },
    'stop-seconds': { type: 'string', default: '60' },
  },
});
const log = (line: object) =>
  console.log(JSON.stringify({ time: new Date().toISOString(), ...line }));
const number = (flag: Exclude<keyof typeof flags, 'model' | 'host'>, least = 1): number => {
  const value = Number(flags[flag]);
  if (value >= least) return value;
  throw new Error(`--${flag} is '${flags[flag]}'; expected a number of at least ${least}`);
};

const service = filmServer(
  {
    mostBytes: number('most-bytes'),
    uploadSeconds: number('upload-seconds'),
    scoreSeconds: number('score-seconds'),
    places: number('places'),
    atOnce: number('at-once'),
  },
  log,
);
const stopSeconds = number('stop-seconds');
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end());
service.server.listen(number('port', 0), flags.host, () => {
  const { port } = service.server.address() as { port: number };
  log({ event: 'listening', port });
});

await detectBackend({
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});
const model = await SaladModel.load(fileSystem(flags.model));
service.start(async (film, signal) => {
  const warnings: string[] = [];
  const onWarning = ({ code }: { code: string }) => warnings.push(code);
  // One film a call: a score does not depend on what others send meanwhile.
  const { scores, pValues, abnormal, problems } = await model
    .scoreFiles([film], { signal, onWarning })
    .catch((error) => {
      signal.throwIfAborted();
      throw error;
    });
  if (problems) throw new Refusal(422, problems[0].code, problems[0].message);
  return { score: scores[0], pValue: pValues?.[0], flagged: abnormal?.[0], warnings };
});
log({ event: 'ready' });

/** What is here is finished; whoever holds on for longer is cut off. */
async function end(): Promise<void> {
  log({ event: 'stopping' });
  setTimeout(() => process.exit(1), 1000 * stopSeconds).unref();
  await service.stop();
  log({ event: 'stopped' });
  process.exit(0);
}
