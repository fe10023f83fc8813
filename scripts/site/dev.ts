/**
 * Shows the documentation site without building it, for those who write it; a changed page is seen after another start.
 *
 *     npm run docs:dev
 */
import { join } from 'node:path';
import { createServer } from 'vitepress';
import { root } from './paths.js';
import { stageAll } from './stage-all.js';

await stageAll();
const server = await createServer(join(root, 'docs'));
await server.listen();
server.printUrls();
