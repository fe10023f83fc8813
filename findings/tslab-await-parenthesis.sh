#!/usr/bin/env bash
# Guess: a cell may begin with await (await fetch(url)).text(), as a module may.
# What happens: tslab, the TypeScript kernel for Jupyter, takes await before a parenthesis for a call of a function of that name, unless another await
# without a parenthesis stands at the top of the cell: SyntaxError, or ReferenceError.
. "$(dirname "$0")/support/common.sh"

npm_packages tslab@1.0.22
node - <<'JS'
const { seen } = require(process.env.SEEN);
const { notebook } = require(process.env.TSLAB_CELLS);

(async () => {
  const cell = notebook();
  await cell('const answer = async () => ({ text: async () => "read" });');
  seen('await answer(), then await text()', await cell('const a = await answer(); const b = await a.text(); b'), 'read');
  seen('await (await answer()).text()', await cell('const c = await (await answer()).text(); c'), 'missing ) after argument list');
  seen('await (answer())', await cell('const d = await (answer()); d'), 'await is not defined');
  seen('the first with an await before it', await cell('await 0; const e = await (await answer()).text(); e'), 'read');
  process.exit(0);
})();
JS

# Seen on 2026-11-29 with:
# Node v20.20.2, tslab@1.0.22
# await answer(), then await text(): "read"
# await (await answer()).text(): "missing ) after argument list"
# await (answer()): "await is not defined"
# the first with an await before it: "read"
