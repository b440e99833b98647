import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, projectFolder } from './project.mjs';
import { runQuietly } from './run.mjs';

/** What pip says when it reaches nobody, as opposed to when something is wrong with what it was asked for. */
const UNREACHABLE =
  /Failed to establish a new connection|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Network is unreachable/;

/**
 * A program in a Python environment of its own below `.cache/`, installed unless it is there already.
 *
 * @param name what it is called for people, and its folder
 * @param program the name of what it installs
 * @param requirements the file that pins it and what it stands on
 * @param builders what of that builds others of it, and so has to be there before
 * @returns {Promise<{ program: string } | { reason: string }>} the reason when this machine cannot have it
 * @throws Problem when it could be installed and was not
 */
export async function ensurePythonProgram({ name, program, requirements, builders = [] }) {
  const python = spawnSync('python3', ['--version'], { encoding: 'utf8' });
  if (python.status !== 0) return { reason: 'there is no Python 3' };
  const folder = join(projectFolder, '.cache', name);
  const stamp = join(folder, '.installed-from');
  const found = { program: join(folder, 'bin', program) };
  const wanted = fingerprint(python.stdout, folder, readFileSync(requirements));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return found;
  rmSync(folder, { recursive: true, force: true });
  const made = await runQuietly('Making a Python environment', 'python3', ['-m', 'venv', folder]);
  if (made.code !== 0) return { reason: `Python 3 cannot make an environment:\n${made.output}` };
  const whole = ['--requirement', requirements];
  const before = ['--constraint', requirements, ...builders];
  for (const what of builders.length > 0 ? [before, ['--no-build-isolation', ...whole]] : [whole]) {
    const { code, output } = await install(name, folder, what);
    if (code !== 0 && UNREACHABLE.test(output)) return { reason: 'PyPI cannot be reached' };
    if (code !== 0) throw new Problem(`${output}\n\n${name} could not be installed (see above).`);
  }
  writeFileSync(stamp, wanted);
  return found;
}

/** Nothing is kept in the user's home. */
function install(name, folder, what) {
  const pip = join(folder, 'bin/pip');
  const quiet = ['--no-cache-dir', '--no-input', '--disable-pip-version-check', '--retries', '1'];
  const options = { env: { ...process.env, PYTHONNOUSERSITE: '1' } };
  return runQuietly(`Installing ${name}`, pip, ['install', ...quiet, ...what], options);
}

function fingerprint(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
