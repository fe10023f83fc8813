/**
 * Builds the documentation site from docs, the README and the sources' doc comments into output/site/html.
 *
 *     npm run docs
 *     SALAD_AD_BASE=/salad-ad/ SALAD_AD_REPOSITORY=https://host/owner/name npm run docs
 *
 * Nothing is fetched. Fails on a dead link.
 */
import { build } from 'vitepress';
import { writeApiPages } from './api-pages.js';
import { root } from './paths.js';
import { stage } from './stage.js';

const pages = stage([]);
await writeApiPages();
console.log(pages.size, 'pages');
await build(`${root}docs`);
