import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { publishingProblems } from '../../scripts/publishable.js';

const named = { repository: { url: 'git+https://example.org/owner/salad-ad.git' } };

describe('what is published', () => {
  it('has links in README that all lead somewhere, once the repository is named', () => {
    expect(publishingProblems(named, readFileSync('README.md', 'utf8'), existsSync)).toEqual([]);
  });

  it('is not published without a repository, which nobody knows beforehand', () => {
    expect(packageJson).not.toHaveProperty('repository');
    const [problem, ...others] = publishingProblems(
      {},
      '[a](docs/a.md), [b](#b), [c](https://example.org)',
      () => true,
    );
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^package\.json names no repository, so that 1 links of README would lead nowhere [^\n]*npm pkg set repository\.type=git/,
    );
  });

  it('names a link that leads nowhere', () => {
    const readme = '[a](docs/a.md#part) ![b](images/b.svg)';
    expect(publishingProblems(named, readme, (path) => path === 'docs/a.md')).toEqual([
      "README links to 'images/b.svg', which is not there; correct the link",
    ]);
  });

  it('is checked where it is published', () => {
    const workflow = readFileSync('.github/workflows/release.yml', 'utf8');
    const [check, publish] = ['scripts/publishable.ts', 'npm publish'].map((text) =>
      workflow.indexOf(text),
    );
    expect(check).toBeGreaterThan(0);
    expect(publish).toBeGreaterThan(check);
  });
});
