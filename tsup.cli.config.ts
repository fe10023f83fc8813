import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';

// The command uses the library by its public names, as any program does, so that it adds nothing to it. Each command is a
// file of its own, loaded when it is asked for.
export default defineConfig({
  entry: { cli: 'src/cli/main.ts', 'cli-thread-encoder': 'src/cli/thread-encoder.ts' },
  format: ['esm'],
  target: 'es2022',
  platform: 'node',
  external: [/^salad-ad/, /^@tensorflow\//],
  splitting: true,
  clean: false,
  sourcemap: true,
  removeNodeProtocol: false,
  onSuccess: () => copyFile('src/cli/demo-films.npz', 'dist/demo-films.npz'),
  esbuildOptions(options) {
    options.chunkNames = 'cli/[name]-[hash]';
  },
});
