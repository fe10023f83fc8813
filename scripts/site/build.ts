/**
 * Builds the documentation site from docs, the README and the sources' doc comments into output/site/html.
 *
 *     npm run docs
 *     SALAD_AD_BASE=/salad-ad/ SALAD_AD_REPOSITORY=https://host/owner/name npm run docs
 *     npx vitepress preview docs      shows it; with the same SALAD_AD_BASE where the site was built with one
 *
 * Nothing is fetched. Ends with an error where a link of a built page leads nowhere.
 */
import { join } from 'node:path';
import { build } from 'vitepress';
import { base } from './base.js';
import { deadLinks } from './check-links.js';
import { htmlFolder, root } from './paths.js';
import { stageAll } from './stage-all.js';

const pages = await stageAll();
await build(join(root, 'docs'));

const dead = deadLinks(htmlFolder, base);
for (const link of dead) console.error(`dead link in ${link}`);
console.log(`${pages} pages and the API in output/site/html, ${dead.length} dead links`);
if (dead.length > 0) process.exitCode = 1;
