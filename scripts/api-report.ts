/**
 * The public surface of every entry as text, signatures without bodies: `api/<entry>.api.md`, kept in git, so that
 * a change of the surface is seen in the change's own diff.
 *
 *     npm run api         writes the reports
 *     npm run check:api   fails where they differ from the code
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type IConfigFile,
} from '@microsoft/api-extractor';
import { entries } from './surface/entries.js';
import { declarationFolder, declarationProgram, root, sourceProgram } from './surface/programs.js';

const kept = join(root, 'api');
const made = join(root, 'output/api');
const temporary = join(root, 'output/api-temporary');

function configOf({ name, folder }: { name: string; folder: string }): IConfigFile {
  const quiet = { logLevel: ExtractorLogLevel.None };
  return {
    projectFolder: root,
    mainEntryPointFilePath: join(declarationFolder, folder, 'index.d.ts'),
    compiler: {
      overrideTsconfig: {
        extends: join(root, 'tsconfig.json'),
        compilerOptions: { paths: {} },
        include: [join(declarationFolder, '**/*.d.ts')],
        exclude: [],
      },
    },
    apiReport: {
      enabled: true,
      reportFileName: name,
      reportFolder: made,
      reportTempFolder: temporary,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      extractorMessageReporting: { default: quiet },
      tsdocMessageReporting: { default: quiet },
    },
    newlineKind: 'lf',
  };
}

function writeReports(): void {
  declarationProgram(sourceProgram());
  for (const folder of [made, temporary]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const configs = entries.map((entry) =>
    ExtractorConfig.prepare({
      configObject: configOf(entry),
      configObjectFullPath: undefined,
      packageJsonFullPath: join(root, 'package.json'),
    }),
  );
  const additionalEntryPoints = configs.map((config) => config.mainEntryPointFilePath);
  const compilerState = CompilerState.create(configs[0], { additionalEntryPoints });
  for (const config of configs) {
    const { succeeded } = Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback: (message) => {
        message.handled = message.logLevel !== 'error';
      },
    });
    if (!succeeded) throw new Error(`api-report: no report ${config.reportFilePath}; see above.`);
    // Marks of what has no comment, which check:docs tells: here only signatures count.
    const report = readFileSync(config.reportFilePath, 'utf8');
    writeFileSync(
      config.reportFilePath,
      report.replace(/^ *\/\/ \(undocumented\)\n| \(undocumented\)$/gm, ''),
    );
  }
}

writeReports();
if (process.argv.includes('--check')) {
  const differ = spawnSync('git', ['--no-pager', 'diff', '--no-index', kept, made], {
    stdio: 'inherit',
  });
  if (differ.status !== 0) {
    console.error(
      '\ncheck:api: the public surface differs from the reports in api/, see above. Review the change: is it meant, is ' +
        'it in CHANGELOG.md, does it say how to follow? Then run `npm run api` and commit api/ with the change.',
    );
    process.exitCode = 1;
  }
} else {
  rmSync(kept, { recursive: true, force: true });
  cpSync(made, kept, { recursive: true });
}
