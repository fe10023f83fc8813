import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { entries } from './entries.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const declarationFolder = join(root, 'output/declarations');

/** What every program of these scripts is compiled with: the project's own options. */
const { options: projectOptions } = ts.getParsedCommandLineOfConfigFile(
  join(root, 'tsconfig.json'),
  undefined,
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
)!;

const filesOf = (folder: string, extension: string): string[] =>
  entries.map((entry) => join(folder, entry.folder, `index${extension}`));

/** The entries' sources. */
export function sourceProgram(): ts.Program {
  const options: ts.CompilerOptions = {
    ...projectOptions,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, 'src'),
    outDir: declarationFolder,
  };
  return ts.createProgram([...filesOf(join(root, 'src'), '.ts'), ...ambientFiles()], options);
}

/** Writes the declarations of the sources into `declarationFolder`, and reads them back. */
export function declarationProgram(sources: ts.Program): ts.Program {
  rmSync(declarationFolder, { recursive: true, force: true });
  const { diagnostics, emitSkipped } = sources.emit();
  if (emitSkipped || diagnostics.length > 0) {
    const host = { ...ts.createCompilerHost(projectOptions), getCurrentDirectory: () => root };
    throw new Error(ts.formatDiagnostics(diagnostics, host));
  }
  return ts.createProgram([...filesOf(declarationFolder, '.d.ts'), ...ambientFiles()], {
    ...projectOptions,
    noEmit: true,
  });
}

/** The declarations of an entry. */
export function entryFile(program: ts.Program, folder: string): ts.SourceFile {
  return program.getSourceFile(join(declarationFolder, folder, 'index.d.ts'))!;
}

/** 'metrics/roc' for the source or the declarations of src/metrics/roc.ts; undefined for other files. */
export function moduleOf(file: ts.SourceFile): string | undefined {
  for (const folder of [declarationFolder, join(root, 'src')]) {
    const path = relative(folder, file.fileName);
    if (!path.startsWith('..')) return path.replace(/(\.d)?\.ts$/, '');
  }
  return undefined;
}

/** Declarations of packages without types of their own. */
function ambientFiles(): string[] {
  return ts.sys.readDirectory(join(root, 'src'), ['.d.ts'], ['src/wasm/assembly']);
}
