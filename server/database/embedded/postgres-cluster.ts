import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { giveToFolderOwner } from './data-folder.ts';
import { type RunAs, executable } from './postgres-binaries.ts';
import { USER, readPassword } from './postgres-place.ts';
import { CLEAN_ENVIRONMENT } from './postgres-process.ts';
import { StartError } from './start-error.ts';

const MAJOR_VERSION = '18';
const DRAFT = 'postgres.new-';

/** The user "nobody", everywhere on Linux: PostgreSQL refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/**
 * A number that no user has (systemd keeps 65,520 to 65,533 unused): everything of nobody's belongs to
 * every process of nobody, a database too. No user is created for it.
 */
const OURS = { uid: 65_521, gid: 65_521 };

/**
 * Whom PostgreSQL runs as: us, or when we are root the cluster's owner, or for a new cluster the
 * owner of the data folder, or a user of its own. Older clusters of root's are nobody's, and change hands.
 */
export async function chooseUser(dataFolder: string, cluster: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = await stat(existsSync(cluster) ? cluster : dataFolder);
  const ownsAlone = process.platform === 'linux' ? OURS : NOBODY;
  const wasNobodys = uid === NOBODY.uid && (await stat(dataFolder)).uid === 0;
  return uid === 0 || wasNobodys ? ownsAlone : { uid, gid };
}

/**
 * The path of the cluster as PostgreSQL shall see it. As another user than root it may not be able
 * to walk there (a checkout below /root), but it is started inside, and this path always leads back.
 */
export function pathFromInside(cluster: string, runAs: RunAs): string {
  return runAs.uid !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : cluster;
}

/**
 * Makes the cluster if there is none. It is made aside and renamed, so that a half-made one is
 * never mistaken for a whole one.
 *
 * @throws StartError when initdb fails, or when the cluster is of another PostgreSQL version
 */
export async function ensureCluster(
  dataFolder: string,
  cluster: string,
  bin: string,
  runAs: RunAs,
  options: { durable: boolean; onProgress: (line: string) => void },
): Promise<void> {
  for (const name of await readdir(dataFolder)) {
    if (!name.startsWith(DRAFT)) continue;
    await rm(join(dataFolder, name), { recursive: true, force: true, maxRetries: 5 });
  }
  if (existsSync(cluster)) return await checkVersion(cluster);
  options.onProgress(`Creating the database in ${dataFolder}`);
  const draft = join(dataFolder, `${DRAFT}${process.pid}`);
  await mkdir(draft, { mode: 0o700 });
  // initdb wants its user to have a name.
  const maker = runAs.uid === OURS.uid ? NOBODY : runAs;
  if (maker.uid !== undefined && maker.gid !== undefined) {
    await chown(draft, maker.uid, maker.gid);
  } else {
    await giveToFolderOwner(dataFolder, draft);
  }
  await initialise(dataFolder, draft, bin, maker, options.durable);
  await rename(draft, cluster);
}

async function checkVersion(cluster: string): Promise<void> {
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => {
    throw new StartError(
      `The database in ${cluster} cannot be read: it belongs to another user or is damaged. ` +
        'Start Slipway as the user who created it, or choose another folder with --data.',
    );
  });
  if (version.trim() === MAJOR_VERSION) return;
  throw new StartError(
    `The database in ${cluster} is of PostgreSQL ${version.trim()}, but this Slipway brings ` +
      `PostgreSQL ${MAJOR_VERSION}. Use the Slipway version that created it, or set DATABASE_URL.`,
  );
}

async function initialise(
  dataFolder: string,
  draft: string,
  bin: string,
  runAs: RunAs,
  durable: boolean,
): Promise<void> {
  const args = [
    `--pgdata=${pathFromInside(draft, runAs)}`,
    `--username=${USER}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  if (process.platform === 'win32') {
    await readPassword(dataFolder);
    args.push('--auth=scram-sha-256', `--pwfile=${join(dataFolder, 'password')}`);
  } else {
    args.push('--auth-local=trust', '--auth-host=reject');
  }
  if (!durable) args.push('--no-sync');
  const child = spawn(executable(bin, 'initdb'), args, {
    ...runAs,
    cwd: draft,
    env: CLEAN_ENVIRONMENT,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const [code] = await once(child, 'close');
  if (code === 0) return;
  await rm(draft, { recursive: true, force: true, maxRetries: 5 });
  throw new StartError(`The database in ${dataFolder} cannot be created: ${complaints.trim()}`);
}
