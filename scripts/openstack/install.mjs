import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Problem } from '../project.mjs';
import { runQuietly } from '../run.mjs';

/** The services as Python packages: no daemons, no users, nothing that starts by itself. */
const PACKAGES = ['python3-keystone', 'python3-glance', 'python3-placement', 'python3-nova'];

/** What apt says when it reaches nobody, as opposed to when something is wrong with what it was asked for. */
const UNREACHABLE =
  /Could not resolve|Temporary failure|Unable to connect|Could not connect|Connection (refused|timed out)|Network is unreachable|Failed to fetch/i;

/**
 * Debian's OpenStack, installed unless it is there already: some 280 packages, which takes minutes once.
 *
 * @returns {Promise<string | undefined>} why this machine cannot have it
 * @throws Problem when it could be installed and was not
 */
export async function ensureOpenstack() {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (isInstalled()) return undefined;
  if (!isDebian()) return 'this is not Debian, and OpenStack is not installed';
  if (process.getuid() !== 0) return 'installing OpenStack needs root';
  const update = await apt('Looking for OpenStack', ['update']);
  const install = await apt('Installing OpenStack', [
    'install',
    '--yes',
    '--no-install-recommends',
    ...PACKAGES,
  ]);
  if (install.code === 0) return undefined;
  const output = `${update.output}\n${install.output}`;
  if (UNREACHABLE.test(output)) return "Debian's packages cannot be reached";
  throw new Problem(`${output}\n\nOpenStack could not be installed (see above).`);
}

function isInstalled() {
  const format = '--showformat=${db:Status-Status}\n';
  const query = spawnSync('dpkg-query', ['--show', format, ...PACKAGES], { encoding: 'utf8' });
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
