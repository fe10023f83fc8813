import { availableParallelism, totalmem } from 'node:os';
import { command } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { installedVersion, packages as known } from '../frame/packages.js';
import { version } from '../frame/version.js';

/** `salad-ad doctor`. */
export const doctor = command({
  name: 'doctor',
  usage: '',
  paths: 0,
  examples: [
    [
      'salad-ad doctor',
      'backends, packages and versions, and the line that installs what is missing',
    ],
    ['salad-ad doctor --json', 'for a program'],
  ],
  options: { json: { type: 'switch', lineOnly: true, help: 'print JSON' } },
  async run(_, given, say) {
    const packages = known.map(([use, names, needed]) => ({
      use,
      needed,
      packages: names.map((name) => ({ name, version: installedVersion(name) })),
    }));
    const backend = await backendOf();
    const facts = {
      saladAd: await version(),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
      backend,
      packages,
    };
    if (given.json) say.print(JSON.stringify(facts, null, 2));
    else say.print(text(facts));
    return 'name' in backend ? exitCodes.done : exitCodes.missing;
  },
});

type Facts = {
  readonly saladAd: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly backend: Awaited<ReturnType<typeof backendOf>>;
  readonly packages: readonly {
    readonly use: string;
    readonly needed: boolean;
    readonly packages: readonly { readonly name: string; readonly version?: string }[];
  }[];
};

function text({ saladAd, node, platform, cores, memoryGiB, backend, packages }: Facts): string {
  const width = Math.max(...packages.map(({ use }) => use.length));
  const missing = packages.flatMap((one) =>
    one.packages.filter((each) => !each.version).map((each) => ({ ...each, needed: one.needed })),
  );
  const needed = missing.filter((one) => one.needed).map(({ name }) => name);
  return [
    `salad-ad ${saladAd}, Node ${node}, ${platform}, ${cores} cores, ${memoryGiB} GiB`,
    'name' in backend ? `backend: ${backend.name}` : `backend: none (${backend.reason})`,
    '',
    ...packages.flatMap((one) => [
      `${one.use.padEnd(width)}  ${one.packages.map(({ name, version: found }) => `${name} ${found ?? '(missing)'}`).join(', ')}`,
      ...(one.packages.every(({ version: found }) => found)
        ? []
        : [`${''.padEnd(width)}    npm install ${namesOf(one.packages)}`]),
    ]),
    '',
    needed.length > 0
      ? `install this first: npm install ${needed.join(' ')}`
      : 'all that is needed is there; the other lines are for those who want what they say',
  ].join('\n');
}

const namesOf = (packages: Facts['packages'][number]['packages']) =>
  packages
    .filter(({ version: found }) => !found)
    .map(({ name }) => name)
    .join(' ');

async function backendOf(): Promise<{ name: string } | { reason: string }> {
  const { startBackend } = await import('../frame/backend.js');
  try {
    return { name: await startBackend() };
  } catch (error) {
    return { reason: (error as Error).message.split('\n')[0] };
  }
}
