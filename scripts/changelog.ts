/**
 * The changelog at a release. npm runs it in `npm version`, once package.json has the new version: what is Unreleased becomes
 * that version's, with today's date, and CITATION.cff gets the version.
 *
 *   npx tsx scripts/changelog.ts                  # what `npm version` runs
 *   npx tsx scripts/changelog.ts --check v1.2.3   # fails unless package.json, CHANGELOG.md and CITATION.cff are of that version
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const UNRELEASED = '## [Unreleased]';
const AN_ENTRY = /^- /m;
const CITED_VERSION = /^version: (.*)$/m;

/** The changelog once `version` is released. @throws Error where nothing is unreleased, or the version is there already */
export function released(changelog: string, version: string, date: string): string {
  const { head, entries, earlier } = sectionsOf(changelog);
  if (earlier.includes(`## [${version}]`))
    throw new Error(`CHANGELOG.md has a section ${version} already; choose another version.`);
  if (!AN_ENTRY.test(entries))
    throw new Error(
      'CHANGELOG.md has no line under Unreleased; write one for each change that a user notices.',
    );
  const parts = [`${head}${UNRELEASED}`, `## [${version}] - ${date}`, entries.trim(), earlier];
  return `${parts.join('\n\n').trimEnd()}\n`;
}

/** What is wrong with a release of a tag. @returns one sentence each */
export function problemsOf(
  tag: string,
  files: {
    readonly version: string;
    readonly changelog: string;
    readonly citation: string;
  },
): string[] {
  const { version, changelog, citation } = files;
  const { entries, earlier } = sectionsOf(changelog);
  const cited = CITED_VERSION.exec(citation)?.[1];
  const problems: (string | false)[] = [
    tag !== `v${version}` && `The tag is ${tag}; package.json has version ${version}.`,
    AN_ENTRY.test(entries) && 'CHANGELOG.md has lines under Unreleased; they belong to a version.',
    !earlier.startsWith(`## [${version}] - `) &&
      `The newest version of CHANGELOG.md is not ${version}.`,
    cited !== version && `CITATION.cff has version ${cited}; package.json has ${version}.`,
  ];
  return problems.filter((problem) => problem !== false);
}

/** What stands above Unreleased, under it, and from the newest version on. */
function sectionsOf(changelog: string) {
  const [head, rest] = changelog.split(UNRELEASED);
  if (rest === undefined)
    throw new Error(
      `CHANGELOG.md has no heading '${UNRELEASED}'; put it above the newest version.`,
    );
  const next = rest.indexOf('\n## [');
  const end = next < 0 ? rest.length : next;
  return { head, entries: rest.slice(0, end), earlier: rest.slice(end).trimStart() };
}

function main([flag, tag]: readonly string[]): void {
  const at = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  const read = (name: string) => readFileSync(at(name), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const [changelog, citation] = [read('CHANGELOG.md'), read('CITATION.cff')];
  if (flag === '--check') {
    const problems = problemsOf(tag, { version, changelog, citation });
    for (const problem of problems) console.error(problem);
    process.exitCode = problems.length > 0 ? 1 : 0;
    return;
  }
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(at('CHANGELOG.md'), released(changelog, version, today));
  writeFileSync(at('CITATION.cff'), citation.replace(CITED_VERSION, `version: ${version}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
