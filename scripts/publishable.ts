/**
 * Says of a packed library whether its page in the registry will be whole, before it is published: the page has the links of README, which
 * it completes by the repository that package.json names. Ends with 1 and what to do where they would lead nowhere.
 *
 *   npx tsx scripts/publishable.ts salad-ad-1.2.3.tgz
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is wrong with the links of a packed README; empty where nothing is. */
export function publishingProblems(
  manifest: { readonly repository?: { readonly url?: string } | string },
  readme: string,
  isThere: (path: string) => boolean,
): string[] {
  const { repository } = manifest;
  const url = typeof repository === 'string' ? repository : repository?.url;
  const paths = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  const relative = paths.filter((target) => !/^([a-z]+:|#)/i.test(target));
  const dead = relative.filter((target) => !isThere(target.split('#')[0]));
  return [
    ...(url
      ? []
      : [
          `package.json names no repository, so that ${relative.length} links of README would lead nowhere on the page of the package; name it: npm pkg set repository.type=git repository.url=git+https://HOST/OWNER/NAME.git`,
        ]),
    ...dead.map((target) => `README links to '${target}', which is not there; correct the link`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , tarball] = process.argv;
  const read = (path: string) =>
    execFileSync('tar', ['-xzOf', tarball, `package/${path}`], { encoding: 'utf8' });
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const problems = publishingProblems(JSON.parse(read('package.json')), read('README.md'), (path) =>
    existsSync(join(root, path)),
  );
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
