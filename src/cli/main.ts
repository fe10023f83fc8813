#!/usr/bin/env node
import { commands } from './commands.js';
import { exitCodes } from './frame/exit-codes.js';
import { misused, told } from './frame/failure.js';
import { commandHelp, programHelp } from './frame/help.js';
import { nearest } from './frame/names.js';
import { readLine } from './frame/read-line.js';
import { speaker } from './frame/speaker.js';
import { version } from './frame/version.js';

process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code */
async function main([name, ...words]: readonly string[]): Promise<number> {
  // What reads the results may have enough of them, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.failed);
  });
  const stop = new AbortController();
  process.on('SIGINT', () => {
    if (stop.signal.aborted) process.exit(exitCodes.interrupted);
    stop.abort();
  });
  let say = speaker(stop.signal, false);
  try {
    if (name === undefined || ['help', '--help', '-h'].includes(name)) {
      const asked = words[0] && commands[words[0]];
      say.print(asked ? commandHelp(await asked.load(), asked.summary) : programHelp(commands));
      return name === undefined ? exitCodes.usage : exitCodes.done;
    }
    if (['version', '--version', '-v'].includes(name)) {
      say.print(await version());
      return exitCodes.done;
    }
    const { summary, load } = commands[name] ?? unknown(name);
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
    if (stop.signal.aborted && (error as Error)?.name !== 'Failure') {
      process.stderr.write(`salad-ad ${name}: ended by Ctrl-C.\n`);
      return exitCodes.interrupted;
    }
    const { exitCode, message } = told(error);
    process.stderr.write(`salad-ad${name && name in commands ? ` ${name}` : ''}: ${message}\n`);
    return exitCode;
  }
}

function unknown(name: string): never {
  const near = nearest(name, Object.keys(commands));
  throw misused(
    `there is no command '${name}'${near ? `; did you mean '${near}'?` : ''}; \`salad-ad --help\` lists all`,
  );
}
