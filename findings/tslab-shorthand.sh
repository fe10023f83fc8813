#!/usr/bin/env bash
# Guess: in a notebook, { films } means { films: films }, as in all of JavaScript.
# What happens: tslab, the TypeScript kernel for Jupyter, turns names of earlier cells into properties of its own, and forgets
# shorthand properties: { films } is a ReferenceError where films comes from an earlier cell. Spelt out it works, and so does
# shorthand for a name of the same cell.
. "$(dirname "$0")/support/common.sh"

npm_packages tslab@1.0.22
node - <<'JS'
const { seen } = require(process.env.SEEN);
const { notebook } = require(process.env.TSLAB_CELLS);

(async () => {
  const cell = notebook();
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
