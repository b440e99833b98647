import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Problem } from '../project.mjs';
import { runQuietly } from '../run.mjs';

const PACKAGES = ['lxd', 'busybox-static'];

/** What apt says when it reaches nobody, as opposed to when something is wrong with what it was asked for. */
const UNREACHABLE =
  /Could not resolve|Temporary failure|Unable to connect|Could not connect|Connection (refused|timed out)|Network is unreachable|Failed to fetch/i;

/**
 * Debian's LXD and busybox, installed unless they are there already.
 *
 * @returns {Promise<string | undefined>} why this machine cannot have them
 * @throws Problem when they could be installed and were not
 */
export async function ensureLxd() {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid() !== 0) return 'LXD needs root';
  if (isInstalled()) return undefined;
  if (!isDebian()) return 'this is not Debian, and LXD is not installed';
  const update = await apt('Looking for LXD', ['update']);
  const install = await apt('Installing LXD', [
    'install',
    '--yes',
    '--no-install-recommends',
    ...PACKAGES,
  ]);
  if (install.code === 0) return undefined;
  const output = `${update.output}\n${install.output}`;
  if (UNREACHABLE.test(output)) return "Debian's packages cannot be reached";
  throw new Problem(`${output}\n\nLXD could not be installed (see above).`);
}

function isInstalled() {
  const query = spawnSync(
    'dpkg-query',
    ['--show', '--showformat=${db:Status-Status}\n', ...PACKAGES],
    {
      encoding: 'utf8',
    },
  );
  return query.status === 0 && query.stdout === 'installed\n'.repeat(PACKAGES.length);
}

function isDebian() {
  const file = '/etc/os-release';
  return existsSync(file) && /^ID=debian$/m.test(readFileSync(file, 'utf8'));
}

function apt(what, args) {
  return runQuietly(what, 'apt-get', ['--quiet', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
