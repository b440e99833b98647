import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { Problem, pinnedNode, projectFolder } from './project.mjs';
import { runQuietly } from './run.mjs';

/** Chromium without windows: for the same tests it takes six tenths of the processor time. */
const SHELL = 'chromium-headless-shell';
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The path of a Chromium for the browser tests; installs one if none is found: Debian's package, or
 * Playwright's own download. Where packages can be installed without asking, it is the one without windows.
 *
 * @param {{ withWindows?: boolean }} options with windows it is what people use, to measure with
 */
export async function ensureBrowser({ withWindows = false, say = console.log } = {}) {
  const given = process.env.CHROMIUM_PATH;
  if (given !== undefined && given !== '') {
    if (existsSync(given)) return given;
    throw new Problem(`CHROMIUM_PATH names ${given}, which does not exist.`);
  }
  const shell = withWindows ? undefined : (findProgram([SHELL]) ?? (await addShell(say)));
  return shell ?? findBrowser() ?? (await addChromium(say)) ?? (await download(say)) ?? giveUp();
}

function findProgram(names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'];
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find((path) => existsSync(path));
}

function findBrowser() {
  const require = createRequire(import.meta.url);
  const playwrightsOwn = require('@playwright/test').chromium.executablePath();
  return findProgram(PROGRAMS) ?? [playwrightsOwn].find((path) => path !== '' && existsSync(path));
}

/** Only as root, as in a container: nobody's own machine gets a second browser unasked. */
async function addShell(say) {
  if (process.getuid?.() !== 0) return undefined;
  await installPackage(SHELL, say);
  return findProgram([SHELL]);
}

async function addChromium(say) {
  await installPackage('chromium', say);
  return findBrowser();
}

async function installPackage(name, say) {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const canInstall = (command) => {
    const [program, ...args] = [...sudo, command, '--version'];
    return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  };
  if (!existsSync('/etc/debian_version') || !canInstall('apt-get')) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', name]]) {
    const [program, ...rest] = [...sudo, 'apt-get', ...args];
    await runQuietly(`Installing ${name}: apt-get ${args[0]}`, program, rest, { say, env });
  }
}

async function download(say) {
  const cli = join(projectFolder, 'node_modules/@playwright/test/cli.js');
  await runQuietly("Downloading Playwright's Chromium", pinnedNode, [cli, 'install', 'chromium'], {
    say,
    shell: false,
  });
  return findBrowser();
}

function giveUp() {
  throw new Problem(
    'No Chromium was found and none could be installed. ' +
      'Install the package "chromium", or set CHROMIUM_PATH to a Chromium or Chrome.',
  );
}
