/**
 * Builds the documentation site from docs, the README and the sources' doc comments into output/site/html.
 *
 *     npm run docs
 *     SALAD_AD_BASE=/salad-ad/ SALAD_AD_REPOSITORY=https://host/owner/name npm run docs
 *     npx vitepress preview docs      shows it
 *
 * Nothing is fetched. Ends with an error where a link of a built page leads nowhere.
 */
import { join } from 'node:path';
import { build } from 'vitepress';
import { errorPage } from '../error-page/page.js';
import { sourceProgram } from '../surface/programs.js';
import { writeApiPages } from './api-pages.js';
import { baselinePages } from './baselines/pages.js';
import { deadLinks } from './check-links.js';
import { writeLlms } from './llms.js';
import { htmlFolder, root } from './paths.js';
import { stage } from './stage.js';

const errors = { path: 'errors.md', text: errorPage(sourceProgram()), from: 'docs/errors.md' };
const pages = stage([...baselinePages(), errors]);
writeLlms(pages);
await writeApiPages();
await build(join(root, 'docs'));

const dead = deadLinks(htmlFolder, process.env.SALAD_AD_BASE ?? '/');
for (const link of dead) console.error(`dead link in ${link}`);
console.log(`${pages.size} pages and the API in output/site/html, ${dead.length} dead links`);
if (dead.length > 0) process.exitCode = 1;
