// Preloaded by a process that is to die: before its n-th change of the file system it is killed, as by a power cut.
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const deadly = Number(process.env.KILL_BEFORE);
const farAway = process.env.FAR_AWAY === 'true';
let changes = 0;

function step() {
  changes += 1;
  if (changes === deadly) process.kill(process.pid, 'SIGKILL');
}

const { appendFile, rename } = files;
for (const name of ['copyFile', 'mkdir', 'open', 'rm', 'truncate', 'unlink']) {
  const real = files[name];
  files[name] = async (...args) => {
    step();
    return real(...args);
  };
}
files.appendFile = async (path, text, options) => {
  step();
  // Half a line, then the whole of it: the write itself may be cut short.
  if (changes + 1 === deadly) await appendFile(path, text.slice(0, text.length >> 1), options);
  step();
  return appendFile(path, text, options);
};
files.rename = async (from, to) => {
  step();
  if (farAway && !from.endsWith('.partial'))
    throw Object.assign(new Error('another device'), { code: 'EXDEV' });
  return rename(from, to);
};
syncBuiltinESMExports();
