// tslab lies where the script installed it.
const { createRequire } = require('node:module');
const installed = createRequire(`${process.cwd()}/`);
const { createConverter } = installed('tslab/dist/converter');
const { createExecutor } = installed('tslab/dist/executor');

/** A notebook: a function that runs a cell, and returns the first line that it prints, or the message of what it throws. */
exports.notebook = () => {
  const printed = [];
  const keep = (...texts) =>
    printed.push(texts.map((text) => text?.message ?? String(text)).join(' '));
  const node = createConverter({ isJS: false, isBrowser: false });
  const executor = createExecutor(process.cwd(), { node }, { log: keep, error: keep });
  return async (source) => {
    printed.length = 0;
    await executor.execute(source);
    return printed.join('\n').split('\n')[0];
  };
};
