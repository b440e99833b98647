import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFolder } from '../project.mjs';
import { fillCatalogue } from './catalogue.mjs';
import { ADMIN, REGIONS, writeConfiguration } from './configuration.mjs';
import { startNetwork } from './network.mjs';

const PREFIX = 'slipway-openstack-';
const SERVE = join(projectFolder, 'scripts/openstack/serve.py');
const START_MS = 240_000;

/** Where an OpenStack has everything. */
export function makeFolder() {
  for (const left of leftFolders()) rmSync(left, { recursive: true, force: true });
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, 'owner'), String(process.pid));
  return folder;
}

/** Of runs that were killed before they could tidy up; their processes ended with them. */
function leftFolders() {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => !isOwned(folder));
}

function isOwned(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, 'owner'), 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes a small OpenStack and starts it, on loopback alone: Keystone, Glance, Placement and Nova, whose servers are
 * all there but for the machines.
 *
 * @returns {Promise<{ urls: Record<string, string>, stop: () => Promise<void> }>}
 * @throws Error with the words of what does not start
 */
export async function startOpenstack(folder) {
  const names = ['keystone', 'glance', 'placement', 'nova', 'network'];
  const free = await Promise.all(names.map(freePort));
  const ports = Object.fromEntries(names.map((name, index) => [name, free[index]]));
  const urls = Object.fromEntries(names.map((name) => [name, `http://127.0.0.1:${ports[name]}`]));
  writeConfiguration(folder, ports);
  const parts = makeParts(folder);
  const network = await startNetwork(ports.network);
  const stop = async () => {
    network.close();
    network.closeAllConnections();
    await parts.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    await setUp(parts, folder, urls);
    await startServices(parts, folder, ports, urls);
    return { urls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function setUp(parts, folder, urls) {
  const conf = (name) => join(folder, `${name}.conf`);
  await parts.run('setup-databases', folder);
  await Promise.all([
    parts.run(
      'setup-keystone',
      conf('keystone'),
      `${urls.keystone}/v3`,
      ADMIN.password,
      REGIONS[0],
    ),
    parts.run('setup-nova', conf('nova'), folder),
    parts.run('setup-glance', conf('glance')),
  ]);
}

async function startServices(parts, folder, ports, urls) {
  const conf = (name) => join(folder, `${name}.conf`);
  const services = [
    parts.start('keystone', conf('keystone'), String(ports.keystone)),
    parts.start('placement', conf('placement'), String(ports.placement)),
    parts.start('glance', conf('glance')),
  ];
  await parts.untilAnswers(`${urls.keystone}/v3`, services);
  await fillCatalogue(urls);
  await parts.untilAnswers(urls.placement, services);
  services.push(parts.start('nova', conf('nova')));
  await parts.untilAnswers(urls.glance, services);
  await parts.untilAnswers(urls.nova, services);
}

/** The processes of one OpenStack; what each says goes to a file of the folder. */
function makeParts(folder) {
  const children = [];
  const start = (name, ...args) => {
    const out = openSync(join(folder, `${name}.out`), 'a');
    const child = spawn('/usr/bin/python3', ['-W', 'ignore', SERVE, name, ...args], {
      cwd: folder,
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    child.ended = new Promise((resolve) => {
      child.once('error', resolve).once('exit', resolve);
    });
    children.push(Object.assign(child, { part: name }));
    return child;
  };
  const failure = ({ part }) => new Error(`${part} failed: ${lastWords(folder, part)}`);
  return {
    start,
    run: async (...args) => {
      const child = start(...args);
      if ((await child.ended) !== 0) throw failure(child);
    },
    untilAnswers: async (url, services) => {
      const giveUpAt = Date.now() + START_MS;
      while ((await fetch(url).catch(() => undefined)) === undefined) {
        const ended = services.find(hasEnded);
        if (ended) throw failure(ended);
        if (Date.now() > giveUpAt) throw failure(services.at(-1));
        await sleep(100);
      }
    },
    stop: async () => {
      for (const child of children.filter((one) => !hasEnded(one))) child.kill('SIGKILL');
      await Promise.all(children.map((child) => child.ended));
    },
  };
}

const hasEnded = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;

/** What a part printed at its end, and what it wrote to its own log. */
function lastWords(folder, part) {
  return [`${part}.out`, `${part.replace('setup-', '')}.log`]
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8').trim().split('\n').slice(-12).join('\n'))
    .join('\n');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
