/**
 * Writes docs/errors.md: every code, what it says, and the remedy.
 *
 *     npm run errors
 *
 * test/scripts/error-page.test.ts fails where the page is not up to date, or a code has no entry.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorPage } from './error-page/page.js';
import { root, sourceProgram } from './surface/programs.js';

writeFileSync(join(root, 'docs/errors.md'), errorPage(sourceProgram()));
