import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS, parseEnv } from '../server/env.ts';
import { SERVER_FLAGS, projectFolder } from './project.mjs';

// No container engine and no systemd runs here: what the files in deploy/ name must at least be there.

const read = (name) => readFileSync(join(projectFolder, 'deploy', name), 'utf8');
const ofOthers = ['NODE_ENV', 'TMPDIR'];
const port = 4400;
const portApart = 4401;

function expectSettings(names) {
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect([...SETTINGS, ...ofOthers]).toContain(name);
}

/** The command that runs the server, wherever the project is. */
function expectServer(words) {
  const [node, ...rest] = words;
  expect(node).toMatch(/(^|\/)node_modules\/node\/bin\/node$/);
  expect(rest).toEqual([...SERVER_FLAGS, 'server/main.ts', '--empty']);
}

describe('the unit of systemd', () => {
  const unit = read('slipway.service');
  const valuesOf = (key) =>
    [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value);

  test('runs the server as npm start does, without the demo estate, with settings that there are', () => {
    expectServer(valuesOf('ExecStart')[0].split(' '));
    const settings = valuesOf('Environment')[0].split(' ');
    expectSettings(settings.map((one) => one.split('=')[0]));
    expect(valuesOf('RestartPreventExitStatus')).toEqual(['2']);
  });

  test('has an example of settings that the server takes', () => {
    const lines = read('slipway.env').split('\n');
    const given = lines.filter((line) => /^(?:# )?[A-Z_]+=/.test(line));
    const pairs = given.map((line) => line.replace('# ', '').split(/=(.*)/).slice(0, 2));
    expectSettings(pairs.map(([name]) => name));
    const plain = Object.fromEntries(pairs.filter(([name]) => !/^TLS_|^PUBLIC|^TRUST/.test(name)));
    expect(parseEnv([], plain)).toMatchObject({ port, metricsListen: { port: portApart } });
  });

  const analyze = spawnSync('systemd-analyze', ['--version']).status === 0;
  test.skipIf(!analyze)('is one by systemd-analyze', () => {
    const folder = mkdtempSync(join(tmpdir(), 'deploy-test-'));
    try {
      const file = join(folder, 'slipway.service');
      // The user and the folder are made where it is installed.
      const here = unit
        .replaceAll('/opt/slipway/current', projectFolder.replace(/\/$/, ''))
        .replaceAll('=slipway\n', '=root\n');
      writeFileSync(file, here);
      const options = { encoding: 'utf8', stdio: 'pipe' };
      const verify = () => execFileSync('systemd-analyze', ['verify', '--man=no', file], options);
      expect(verify).not.toThrow();
      writeFileSync(file, here.replace('Restart=on-failure', 'Restart=perhaps'));
      const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], options);
      expect(stderr).toContain('perhaps');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the image', () => {
  const lines = read('Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const of = (word) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  test('is made by instructions that there are, of files that there are', () => {
    const words = lines.map((line) => line.split(' ')[0]);
    const known =
      'FROM WORKDIR COPY RUN ENV USER VOLUME EXPOSE HEALTHCHECK CMD ENTRYPOINT ARG LABEL'.split(
        ' ',
      );
    expect(known).toEqual(expect.arrayContaining(words));
    const copied = of('COPY').filter((line) => !line.startsWith('--from'));
    for (const source of copied.flatMap((line) => line.split(' ').slice(0, -1)))
      expect(existsSync(join(projectFolder, source)), source).toBe(true);
    const { scripts } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
    for (const [, script] of of('RUN')
      .join('\n')
      .matchAll(/npm run (\S+)/g))
      expect(scripts).toHaveProperty(script);
  });

  test('runs the server as npm start does, with settings and ports that there are', () => {
    expectServer(JSON.parse(of('CMD')[0]));
    const settings = of('ENV').map((line) => line.split('='));
    expectSettings(settings.map(([name]) => name));
    const env = parseEnv([], { ...Object.fromEntries(settings), ALLOW_PLAIN_HTTP: 'true' });
    expect(env).toMatchObject({
      port,
      metricsListen: env.probesListen,
      probesListen: { port: portApart },
    });
    expect(of('EXPOSE')).toEqual([`${port} ${portApart}`]);
    const [, check] = /CMD (.*)$/.exec(of('HEALTHCHECK')[0]);
    expect(existsSync(join(projectFolder, JSON.parse(check)[1]))).toBe(true);
  });

  test('is made without what is only here', () => {
    const ignored = read('Dockerfile.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', 'data', 'node_modules', 'dist']));
  });
});

describe('the compose file', () => {
  const compose = parse(read('compose.yaml'), { strict: true });
  const { slipway, postgres } = compose.services;
  // https://github.com/compose-spec/compose-spec/blob/main/05-services.md
  const known =
    'build cap_drop depends_on environment healthcheck image ports read_only restart secrets security_opt stop_grace_period tmpfs volumes'.split(
      ' ',
    );

  test('has members of the specification alone, and declares what it uses', () => {
    expect(Object.keys(compose)).toEqual(['name', 'services', 'secrets', 'volumes']);
    for (const service of [slipway, postgres])
      expect(known).toEqual(expect.arrayContaining(Object.keys(service)));
    const used = [...slipway.volumes, ...postgres.volumes].map((one) => one.split(':')[0]);
    expect(new Set(Object.keys(compose.volumes))).toEqual(new Set(used));
    expect(Object.keys(compose.secrets)).toEqual(slipway.secrets);
    expect(Object.keys(slipway.depends_on)).toEqual(['postgres']);
  });

  test('gives settings that there are, and opens the ports of the image on loopback alone', () => {
    expectSettings(Object.keys(slipway.environment));
    expect(slipway.ports).toEqual([port, portApart].map((one) => `127.0.0.1:${one}:${one}`));
    const filled = Object.entries(slipway.environment).map(([name, value]) => [
      name,
      String(value)
        .replace(/\$\{PUBLIC_URL[^}]*\}/, 'https://slipway.example.com')
        .replace(/\$\{POSTGRES_PASSWORD[^}]*\}/, 'secret'),
    ]);
    const env = parseEnv([], { HOST: '0.0.0.0', ...Object.fromEntries(filled) });
    expect(env).toMatchObject({ isReadable: false, backups: { keepDays: 30 } });
    for (const secret of slipway.secrets)
      expect(Object.values(slipway.environment)).toContain(`/run/secrets/${secret}`);
    expect(existsSync(join(projectFolder, slipway.build.dockerfile))).toBe(true);
  });
});
