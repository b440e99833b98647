import { execFile } from 'node:child_process';
import { chmod, chown, lchown, readdir, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunAs } from './postgres-binaries.ts';
import { APP_USER, USER } from './postgres-place.ts';

const run = promisify(execFile);

/**
 * Says who may connect: over the socket only, and there only processes of this user, of the data folder's
 * owner and of root, whom the kernel names. Written before every start, so that it holds for old clusters
 * and for folders that were moved. On Windows a password stands in for it.
 */
export async function writeAccess(
  dataFolder: string,
  cluster: string,
  runAs: RunAs,
): Promise<void> {
  if (process.platform === 'win32') return;
  const { uid: owner } = await stat(dataFolder);
  const names = new Set([userInfo().username, 'root', await findName(owner)]);
  const lines = [...names].flatMap((name) =>
    name === undefined ? [] : [USER, APP_USER].map((role) => `slipway "${name}" ${role}`),
  );
  const files = {
    'pg_hba.conf': ['local all all peer map=slipway'],
    'pg_ident.conf': lines,
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(cluster, name);
    await writeFile(
      path,
      ['# Slipway writes this file before every start.', ...text, ''].join('\n'),
    );
    await chmod(path, 0o600);
    if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(path, runAs.uid, runAs.gid);
  }
}

/** Gives a cluster to the user that PostgreSQL runs as, if it is not theirs yet. */
export async function handOver(cluster: string, { uid, gid }: RunAs): Promise<void> {
  if (uid === undefined || gid === undefined || (await stat(cluster)).uid === uid) return;
  const entries = await readdir(cluster, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of entries) await lchown(join(parentPath, name), uid, gid);
  // Last, so that a hand-over that was cut short begins again.
  await chown(cluster, uid, gid);
}

/** The name of a user of the system; undefined for a number without one. */
async function findName(uid: number): Promise<string | undefined> {
  const found = await run('id', ['-un', String(uid)]).catch(() => undefined);
  return found?.stdout.trim();
}
