import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { Problem, pinnedNode, projectFolder } from './project.mjs';
import { runQuietly } from './run.mjs';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The path of a Chromium for the browser tests; installs one if none is found: Debian's package, or
 * Playwright's own download.
 */
export async function ensureBrowser(say = console.log) {
  const given = process.env.CHROMIUM_PATH;
  if (given !== undefined && given !== '') {
    if (existsSync(given)) return given;
    throw new Problem(`CHROMIUM_PATH names ${given}, which does not exist.`);
  }
  return findBrowser() ?? (await installPackage(say)) ?? (await download(say)) ?? giveUp();
}

function findBrowser() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'];
  const candidates = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, playwrightsOwn()].find((path) => path !== '' && existsSync(path));
}

function playwrightsOwn() {
  const require = createRequire(import.meta.url);
  return require('@playwright/test').chromium.executablePath();
}

async function installPackage(say) {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const canInstall = (command) => {
    const [program, ...args] = [...sudo, command, '--version'];
    return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  };
  if (!existsSync('/etc/debian_version') || !canInstall('apt-get')) return undefined;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const [program, ...rest] = [...sudo, 'apt-get', ...args];
    await runQuietly(`Installing Chromium: apt-get ${args[0]}`, program, rest, { say, env });
  }
  return findBrowser();
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
