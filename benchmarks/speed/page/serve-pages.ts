import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const app = fileURLToPath(new URL('../../../examples/browser/vite.config.ts', import.meta.url));
const bare = fileURLToPath(new URL('.', import.meta.url));
const sample = fileURLToPath(new URL('../../../examples/browser/public', import.meta.url));
const outDir = fileURLToPath(new URL('../../../output/bare-page', import.meta.url));

/** The app as it is built, and a bare page beside it. */
export async function servePages() {
  process.env.NODE_ENV = 'production';
  const common = {
    configFile: app,
    root: bare,
    publicDir: sample,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  } as const;
  await build(common);
  const port = { port: 0, host: '127.0.0.1' };
  const servers = [
    await preview({ configFile: app, logLevel: 'error', preview: port }),
    await preview({ ...common, preview: port }),
  ];
  const [appUrl, bareUrl] = servers.map((server) => server.resolvedUrls?.local[0] as string);
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  return { app: appUrl, bare: bareUrl, close };
}
