#!/usr/bin/env node
import { commands } from './commands.js';
import type { Commands } from './frame/command.js';
import { exitCodes } from './frame/exit-codes.js';
import { Failure, misused, told } from './frame/failure.js';
import { commandHelp, programHelp } from './frame/help.js';
import { nearest } from './frame/names.js';
import { readLine } from './frame/read-line.js';
import { speaker } from './frame/speaker.js';
import { version } from './frame/version.js';

process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code */
async function main([name, ...words]: readonly string[]): Promise<number> {
  const stop = stopBySignals();
  let say = speaker(stop.signal, false);
  try {
    if (name === undefined || ['help', '--help', '-h'].includes(name)) {
      const asked = words[0] === undefined ? undefined : found(words[0]);
      say.print(asked ? commandHelp(await asked.load(), asked.summary) : programHelp(commands));
      return name === undefined ? exitCodes.usage : exitCodes.done;
    }
    if (['version', '--version', '-v'].includes(name)) {
      say.print(await version());
      return exitCodes.done;
    }
    const { summary, load } = found(name);
    const command = await load();
    const line = await readLine(command, words, commands);
    if (line.help) {
      say.print(commandHelp(command, summary));
      return exitCodes.done;
    }
    say = speaker(stop.signal, line.quiet);
    return await command.run(line.paths, line.given as never, say);
  } catch (error) {
    say.end();
    const called = name !== undefined && Object.hasOwn(commands, name) ? ` ${name}` : '';
    const { exitCode, message } = stop.signal.aborted ? stopped(error) : told(error);
    process.stderr.write(`salad-ad${called}: ${message}\n`);
    return exitCode;
  }
}

/** Ctrl-C, a scheduler that ends a job and a terminal that is closed all let the program save first; a second one ends it at once. */
function stopBySignals(): AbortController {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(exitCodes.interrupted);
      stop.abort();
    });
  return stop;
}

function stopped(error: unknown) {
  if (error instanceof Failure) return told(error);
  return { exitCode: exitCodes.interrupted, message: 'interrupted; nothing is written' };
}

function found(name: string): Commands[string] {
  if (Object.hasOwn(commands, name)) return commands[name];
  const near = nearest(name.replace(/^-+/, ''), [...Object.keys(commands), 'help', 'version']);
  const all = '`salad-ad --help` lists all';
  if (near) throw misused(`there is no command '${name}'; did you mean '${near}'? ${all}`);
  throw misused(
    name.startsWith('-')
      ? `'${name}' stands before the command; write \`salad-ad COMMAND ${name}\`; ${all}`
      : `there is no command '${name}'; ${all}`,
  );
}
