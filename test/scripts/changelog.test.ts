import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problemsOf, released } from '../../scripts/changelog.js';

const before = `# Changelog

## [Unreleased]

### Added

- One thing.

## [1.0.0] - 2026-01-02

- The first.
`;
const after = `# Changelog

## [Unreleased]

## [1.1.0] - 2026-03-04

### Added

- One thing.

## [1.0.0] - 2026-01-02

- The first.
`;

describe('a release', () => {
  it('gives what is unreleased to the version, and the next change its heading', () => {
    expect(released(before, '1.1.0', '2026-03-04')).toBe(after);
    const first = '# Changelog\n\n## [Unreleased]\n\n- One thing.\n';
    expect(released(first, '0.1.0', '2026-03-04')).toBe(
      '# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-03-04\n\n- One thing.\n',
    );
  });

  it('is refused without a line, of a version that is there, and without the heading', () => {
    expect(() => released(after, '1.2.0', '2026-03-05')).toThrowError(/no line under Unreleased/);
    expect(() => released(before, '1.0.0', '2026-03-05')).toThrowError(/a section 1\.0\.0 already/);
    expect(() => released('# Changelog\n', '1.0.0', '2026-03-05')).toThrowError(/no heading/);
  });

  it('has one version in the tag, package.json, the changelog and the citation', () => {
    const files = { version: '1.1.0', changelog: after, citation: 'version: 1.1.0\n' };
    expect(problemsOf('v1.1.0', files)).toEqual([]);
    expect(
      problemsOf('v1.1', { ...files, changelog: before, citation: 'version: 1.0.0\n' }),
    ).toEqual([
      'The tag is v1.1; package.json has version 1.1.0.',
      'CHANGELOG.md has lines under Unreleased; they belong to a version.',
      'The newest version of CHANGELOG.md is not 1.1.0.',
      'CITATION.cff has version 1.0.0; package.json has 1.1.0.',
    ]);
  });

  it('can be made of the changelog as it is', () => {
    const changelog = readFileSync('CHANGELOG.md', 'utf8');
    const citation = readFileSync('CITATION.cff', 'utf8').replace(
      /^version: .*$/m,
      'version: 99.0.0',
    );
    const next = released(changelog, '99.0.0', '2099-01-01');
    expect(problemsOf('v99.0.0', { version: '99.0.0', changelog: next, citation })).toEqual([]);
    expect(next.length).toBe(changelog.length + '\n\n## [99.0.0] - 2099-01-01'.length);
  });
});
