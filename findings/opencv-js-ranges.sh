#!/usr/bin/env bash
# Guess: "@techstark/opencv-js": ">=4.10.0-release.1" in a package's peerDependencies accepts 4.12.0-release.1.
# What happens: since 4.5.3 every version but two betas ends in "-release.N", which npm takes for a pre-release, and a range accepts
# pre-releases of the one version that it names and of no other. So npm refuses to install 4.12.0-release.1 beside such a package,
# and a range such as ^4.5.0 stays at 4.5.2 of 2021. What accepts several versions is a list: "4.10.0-release.1 || 4.12.0-release.1".
. "$(dirname "$0")/support/common.sh"

npm_packages semver@7.8.6
cat >ranges.cjs <<'JS'
const { seen } = require(process.env.SEEN);
const { execFileSync, spawnSync } = require('node:child_process');
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { maxSatisfying, satisfies } = require('semver');

const name = '@techstark/opencv-js';
const versions = JSON.parse(execFileSync('npm', ['view', name, 'versions', '--json'], { encoding: 'utf8' }));
const newer = versions.slice(versions.indexOf('4.5.2') + 1);
seen('versions after 4.5.2 that are no pre-releases', newer.filter((version) => !version.includes('-')), []);
seen('newest in ^4.5.0', maxSatisfying(versions, '^4.5.0'), '4.5.2');
seen('newest in >=4.10.0-release.1', maxSatisfying(versions, '>=4.10.0-release.1'), '4.10.0-release.1');
seen('4.12.0-release.1 in a list', satisfies('4.12.0-release.1', '4.10.0-release.1 || 4.12.0-release.1'), true);

for (const [range, code] of [['>=4.10.0-release.1', 'ERESOLVE'], ['4.10.0-release.1 || 4.12.0-release.1', 'installed']]) {
  mkdirSync('peer', { recursive: true });
  const peer = { name: 'needs-opencv', version: '1.0.0', peerDependencies: { [name]: range } };
  writeFileSync('peer/package.json', JSON.stringify(peer));
  execFileSync('npm', ['pack', '--silent', './peer']);
  rmSync('app', { recursive: true, force: true });
  mkdirSync('app', { recursive: true });
  writeFileSync('app/package.json', '{ "private": true }');
  const packages = ['../needs-opencv-1.0.0.tgz', `${name}@4.12.0-release.1`];
  const install = ['install', '--package-lock-only', '--no-audit', ...packages];
  const { status, stderr } = spawnSync('npm', install, { cwd: 'app', encoding: 'utf8' });
  seen(`npm, 4.12.0-release.1 beside a peer ${range}`, status === 0 ? 'installed' : stderr.match(/code (\w+)/)?.[1], code);
}
JS
node ranges.cjs

# Seen on 2026-11-28 with:
# Node v20.20.2, semver@7.8.6
# versions after 4.5.2 that are no pre-releases: []
# newest in ^4.5.0: "4.5.2"
# newest in >=4.10.0-release.1: "4.10.0-release.1"
# 4.12.0-release.1 in a list: true
# npm, 4.12.0-release.1 beside a peer >=4.10.0-release.1: "ERESOLVE"
# npm, 4.12.0-release.1 beside a peer 4.10.0-release.1 || 4.12.0-release.1: "installed"
