import { errorPage } from '../error-page/page.js';
import { sourceProgram } from '../surface/programs.js';
import { writeApiPages } from './api-pages.js';
import { baselinePages } from './baselines/pages.js';
import { writeLlms } from './llms.js';
import { stage } from './stage.js';

/** Puts the site together in output/site/pages; returns how many pages it has, but for those of the API. */
export async function stageAll(): Promise<number> {
  const errors = { path: 'errors.md', text: errorPage(sourceProgram()), from: 'docs/errors.md' };
  const pages = stage([...baselinePages(), errors]);
  writeLlms(pages);
  await writeApiPages();
  return pages.size;
}
