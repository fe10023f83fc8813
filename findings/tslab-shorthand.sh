#!/usr/bin/env bash
# Guess: in a notebook, { films } means { films: films }, as in all of JavaScript.
# What happens: tslab, the TypeScript kernel for Jupyter, turns names of earlier cells into properties of its own, and forgets
# shorthand properties: { films } is a ReferenceError where films comes from an earlier cell. Spelt out it works, and so does
# shorthand for a name of the same cell.
. "$(dirname "$0")/support/common.sh"

npm_packages tslab@1.0.22
node - <<'JS'
const { seen } = require(process.env.SEEN);
const { createConverter } = require('tslab/dist/converter');
const { createExecutor } = require('tslab/dist/executor');

(async () => {
  const printed = [];
  const keep = (...texts) => printed.push(texts.map((text) => text?.message ?? String(text)).join(' '));
  const node = createConverter({ isJS: false, isBrowser: false });
  const notebook = createExecutor(process.cwd(), { node }, { log: keep, error: keep });
  /** The first line that a cell prints, or the message of what it throws. */
  async function cell(source) {
    printed.length = 0;
    await notebook.execute(source);
    return printed.join('\n').split('\n')[0];
  }
  await cell('const films = 3;');
  seen('{ films: films }', await cell('({ films: films }).films'), '3');
  seen('{ films }', await cell('({ films }).films'), 'films is not defined');
  seen('{ here } of one cell', await cell('(() => { const here = 4; return { here }; })().here'), '4');
  process.exit(0);
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, tslab@1.0.22
# { films: films }: "3"
# { films }: "films is not defined"
# { here } of one cell: "4"
