import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-deploy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// In the place of the command: it ends by a code, or works until it is told to stop, and then takes a while.
writeFileSync(
  join(folder, 'salad-ad'),
  `#!/bin/sh
echo "$@"
[ -n "$ENDS" ] && exit "$ENDS"
trap 'kill "$work"; sleep .3; echo saved; exit 130' TERM
sleep 60 > /dev/null &
work=$!
echo working
wait
`,
  { mode: 0o755 },
);

/** The lines that the container of the job runs. */
function script(): string {
  const lines = readFileSync('examples/deploy/score-job.yaml', 'utf8').split('\n');
  const begin = lines.findIndex((line) => line.trim() === '- |') + 1;
  const end = lines.findIndex((line, i) => i > begin && line.trim().startsWith('resources:'));
  return lines.slice(begin, end).join('\n');
}

function ended(env: Record<string, string>, stop = false) {
  const path = `${folder}${delimiter}${process.env.PATH}`;
  const child = spawn('/bin/sh', ['-c', script()], {
    env: { PATH: path, JOB_COMPLETION_INDEX: '2', ...env },
  });
  let out = '';
  child.stdout.on('data', (data) => {
    out += data;
    if (stop && out.includes('working')) {
      stop = false;
      child.kill('SIGTERM');
    }
  });
  return new Promise<{ code: number | null; out: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, out })),
  );
}

it('the Kubernetes job hands SIGTERM on, and waits for what the command does then', async () => {
  const { code, out } = await ended({}, true);
  expect(out).toMatch(/--shard 3\/8 .*\nworking\nsaved\n$/);
  expect(code).toBe(130);
});

it.each([
  ['0', 0],
  ['3', 3],
  ['5', 0],
  ['6', 6],
])('where the command ends by %s, the job does by %i', async (ENDS, expected) => {
  expect((await ended({ ENDS })).code).toBe(expected);
});
