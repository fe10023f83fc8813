/**
 * Runs the cells of a notebook as Jupyter would have tslab run them, without Jupyter: tslab's own converter, executor and
 * handler of messages; no socket. Reads the sources of the cells as JSON from the standard input, in the folder of the notebook, and writes what each
 * cell showed: `{ outputs }` for each that was run, and `{ error }` in the place of the one that failed.
 *
 *   node kernel.mjs TSLAB RESULT.json < SOURCES.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [, , tslab, result] = process.argv;
const require = createRequire(`${tslab}/package.json`);
const { createConverter } = require('./dist/converter');
const { createExecutor } = require('./dist/executor');
const { JupyterHandlerImpl } = require('./dist/jupyter');

const sources = JSON.parse(readFileSync(0, 'utf8'));
const node = createConverter({ isJS: false, isBrowser: false });
const kernel = new JupyterHandlerImpl(createExecutor(process.cwd(), { node }, console), false);

const cells = [];
for (const code of sources) {
  const outputs = [];
  const byDisplay = new Map();
  const write = (name, text) => {
    const last = outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === name) last.text += text;
    else outputs.push({ output_type: 'stream', name, text });
  };
  const show = ({ data, metadata, transient }, update) => {
    const shown = { output_type: 'display_data', data, metadata };
    const id = transient?.display_id;
    if (update && byDisplay.has(id)) Object.assign(byDisplay.get(id), shown);
    else {
      if (id) byDisplay.set(id, shown);
      outputs.push(shown);
    }
  };
  const { status } = await kernel.handleExecute({ code }, write, show);
  cells.push(status === 'ok' ? { outputs } : { error: outputs.map(({ text }) => text).join('') });
  if (status !== 'ok') break;
}
writeFileSync(result, JSON.stringify(cells));
// The converter watches files, which would keep the process.
process.exit(0);
