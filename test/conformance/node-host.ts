import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './case.js';
import { chromiumPath } from './chromium.js';
import type { Host } from './host.js';

interface Message {
  readonly ready?: true;
  readonly unavailable?: string;
  readonly outcome?: Outcome;
  readonly done?: true;
}

/** The suite on one backend in a Node process of its own, which has started when the promise resolves. */
export async function nodeHost(
  backend: 'cpu' | 'wasm' | 'threads' | 'tensorflow' | 'dawn',
): Promise<Host> {
  const child = fork(fileURLToPath(new URL('in-node.ts', import.meta.url)), [backend], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ...(backend === 'dawn' && softwareVulkan()) },
    silent: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      output += text;
    });
  const unavailable = await new Promise<string | undefined>((answer, fail) => {
    child.once('message', (message: Message) => answer(message.unavailable));
    child.once('exit', (code) => fail(new Error(`the process ended with ${code}:\n${output}`)));
  });
  return {
    unavailable,
    async run(fixtures) {
      const outcomes: Outcome[] = [];
      child.on('message', ({ outcome }: Message) => {
        if (outcome) outcomes.push(outcome);
      });
      child.send(fixtures);
      await ended(child);
      return outcomes;
    },
  };
}

const ended = (child: ChildProcess) =>
  new Promise<void>((end) => {
    child.once('exit', () => end());
  });

/**
 * Where the machine has no Vulkan driver of its own: the loader and the software driver that come with
 * Chromium on Debian.
 */
export function softwareVulkan(): NodeJS.ProcessEnv {
  const { VK_ICD_FILENAMES, LD_LIBRARY_PATH = '', XDG_RUNTIME_DIR = tmpdir() } = process.env;
  const places = ['/usr/lib/chromium', dirname(chromiumPath ? realpathSync(chromiumPath) : '/')];
  const folder = places.find((place) => existsSync(join(place, 'vk_swiftshader_icd.json')));
  if (VK_ICD_FILENAMES || existsSync('/dev/dri') || existsSync('/dev/nvidia0') || !folder)
    return {};
  return {
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: `${LD_LIBRARY_PATH}:${folder}`,
    XDG_RUNTIME_DIR,
  };
}
