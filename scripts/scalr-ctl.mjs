import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, projectFolder } from './project.mjs';
import { runQuietly } from './run.mjs';

const REQUIREMENTS = join(projectFolder, 'scripts/clients/requirements.txt');
const FOLDER = join(projectFolder, '.cache/scalr-ctl');
const STAMP = join(FOLDER, '.installed-from');
const PROGRAM = join(FOLDER, 'bin/scalr-ctl');

/** What pip says when it reaches nobody, as opposed to when something is wrong with what it was asked for. */
const UNREACHABLE =
  /Failed to establish a new connection|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Network is unreachable/;

/**
 * The real `scalr-ctl` in a Python environment of its own, installed unless it is there already.
 *
 * @returns {Promise<{ program: string } | { reason: string }>} the reason when this machine cannot have it
 * @throws Problem when it could be installed and was not
 */
export async function ensureScalrCtl() {
  const python = spawnSync('python3', ['--version'], { encoding: 'utf8' });
  if (python.status !== 0) return { reason: 'there is no Python 3' };
  const wanted = fingerprint(python.stdout);
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return { program: PROGRAM };
  rmSync(FOLDER, { recursive: true, force: true });
  const made = await runQuietly('Making a Python environment', 'python3', ['-m', 'venv', FOLDER]);
  if (made.code !== 0) return { reason: `Python 3 cannot make an environment:\n${made.output}` };
  for (const what of [
    ['--constraint', REQUIREMENTS, 'setuptools'],
    ['--requirement', REQUIREMENTS],
  ]) {
    const { code, output } = await install(what);
    if (code !== 0 && UNREACHABLE.test(output)) return { reason: 'PyPI cannot be reached' };
    if (code !== 0) throw new Problem(`${output}\n\nscalr-ctl could not be installed (see above).`);
  }
  writeFileSync(STAMP, wanted);
  return { program: PROGRAM };
}

/** It comes as source, which is built by the setuptools named beside it. Nothing is kept in the user's home. */
function install(what) {
  const pip = join(FOLDER, 'bin/pip');
  const quiet = ['--no-cache-dir', '--no-input', '--disable-pip-version-check', '--retries', '1'];
  const options = { env: { ...process.env, PYTHONNOUSERSITE: '1' } };
  return runQuietly(
    'Installing scalr-ctl',
    pip,
    ['install', ...quiet, '--no-build-isolation', ...what],
    options,
  );
}

function fingerprint(version) {
  return createHash('sha256')
    .update(version)
    .update(FOLDER)
    .update(readFileSync(REQUIREMENTS))
    .digest('hex');
}
