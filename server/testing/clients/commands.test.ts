import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  type CloudCredentialsType,
  membersOfType,
  secretMemberNames,
} from '#contract/clouds/cloud-credentials.ts';
import type { OperationId } from '#contract/operations.ts';
import { testSecretsKey } from '../test-key.ts';
import { sampleOf } from '../conformance/samples.ts';
import { withDatabase } from '../database.ts';
import { createTenant, type Tenant } from '../harness.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';
import { createKey } from '../signed-client.ts';
import { openScalrCtl, type Ran, type ScalrCtl } from './scalr-ctl.ts';
import { isListed, operationOf, readScheme, type SchemeCommand } from './scheme.ts';

// Every command of the real scalr-ctl that the served specifications list, in every way that it can be
// given: its own table says which there are, and the contract what they ask for.

const database = withDatabase();
let server: ServerProcess;
let tenant: Tenant;
let scalrCtl: ScalrCtl;

beforeAll(async () => {
  server = await startServerProcess(database.url, {
    environment: { SECRETS_KEY: testSecretsKey.toString('base64'), RATE_LIMIT_PER_MINUTE: '0' },
  });
  tenant = await createTenant(database.db);
  const key = await createKey(database.db, tenant.corporateAdmin.email);
  const { environmentId: envId, accountId } = tenant.environment;
  scalrCtl = await openScalrCtl(server.address, key, { envId, accountId });
  expect(await scalrCtl.run(['update'])).toMatchObject({ code: 0, stderr: '' });
});
afterAll(async () => {
  await scalrCtl.close();
  server.child.kill();
  await endOf(server);
});

type Json = Record<string, unknown>;
type Params = Record<string, string | number>;

/** A class of the program fails before it sends anything. */
const isBroken = ({ by }: SchemeCommand) => by === 'role.RolePromote';
const scheme = readScheme().filter((command) => !command.hidden);
const listed = scheme.filter((command) => isListed(command) && !isBroken(command));
const named = (of: SchemeCommand[]) => of.map((command) => [command.words, command] as const);

/** The configuration names the scope. */
function argsOf({ words, path }: SchemeCommand, params: Params = {}): string[] {
  const options = Object.entries(params).filter(([name]) => path.includes(`{${name}}`));
  return [...words.split(' '), ...options.flatMap(([name, value]) => [`--${name}`, String(value)])];
}

const sample = (command: SchemeCommand) =>
  sampleOf(database.db, tenant, command.level, operationOf(command).id as OperationId);

/** The data of the last answer. */
function dataOf(ran: Ran): Json {
  expect(ran.stderr).toBe('');
  expect(ran.code, ran.stdout).toBe(0);
  const answer = ran.answers.at(-1);
  expect(answer).toHaveProperty('data');
  return answer?.['data'] as Json;
}

/** A reference may be sent bare, and is answered with more. */
function expectTaken(data: Json, body: Json): void {
  for (const [name, sent] of Object.entries(body)) {
    if (!(name in data)) continue;
    const bare = typeof sent === 'object' || typeof data[name] !== 'object';
    expect(data, name).toMatchObject({ [name]: bare ? sent : { id: sent } });
  }
}

describe('reads as JSON, XML, tree and table', () => {
  const reads = listed.filter(({ method, by }) => method === 'GET' && !by.startsWith('export.'));

  it.each(named(reads))('%s', async (_, command) => {
    const args = argsOf(command, (await sample(command)).params);
    // Loops of the server may change what is read between two reads: then both are read again.
    const data = await vi.waitFor(async () => {
      const read = dataOf(await scalrCtl.run([...args, '--json']));
      const tree = await scalrCtl.run([...args, '--tree']);
      expect(tree).toMatchObject({ code: 0, stderr: '' });
      expect(parse(tree.stdout, { schema: 'core' })).toEqual(read);
      return read;
    }, 30_000);
    const xml = await scalrCtl.run([...args, '--xml']);
    expect(xml).toMatchObject({ code: 0, stderr: '' });
    expect(xml.stdout).toMatch(/^<\?xml .*<data type="(?:dict|list)">.*<\/root>\s*$/s);
    if (!Array.isArray(data)) return;
    expect(data).not.toEqual([]);
    const table = await scalrCtl.run([...args, '--table']);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/^\s*Page: 1 of \d+\s+\S/);
    for (const { id } of data as { id?: string | number }[])
      if (id !== undefined) expect(table.stdout).toContain(`${id}`);
  });
});

/** Those of the others take their body from options. */
const takesJson = ['Action', 'image.ChangeImageAttrs', 'role.ChangeRoleAttrs'];
const takesTemplate = ['farm.FarmCreateFromTemplate', 'farmrole.FarmRoleCreateFromTemplate'];
const changes = listed.filter(({ method }) => method === 'POST' || method === 'PATCH');
const withJson = changes.filter(({ by }) => [...takesJson, ...takesTemplate].includes(by));

describe('changes take a body', () => {
  it.each(named(withJson))('from standard input: %s', async (_, command) => {
    const { params, body } = await sample(command);
    const ran = await scalrCtl.run([...argsOf(command, params), '--stdin'], body);
    expectTaken(dataOf(ran), body as Json);
  });

  it.each(named(withJson))('from the editor: %s', async (_, command) => {
    const { params, body } = await sample(command);
    const ran = await scalrCtl.edit(argsOf(command, params), body);
    expectTaken(dataOf(ran), body as Json);
    if (command.method === 'POST') expect(ran.offered).toMatch(/^# The body must be a valid \w+/);
  });
});

describe('the editor offers what may be changed, and takes it back as it is', () => {
  it.each(named(withJson.filter(({ method }) => method === 'PATCH')))('%s', async (_, command) => {
    const { params } = await sample(command);
    const ran = await scalrCtl.edit(argsOf(command, params));
    const [before, after] = ran.answers.map((answer) => answer['data']);
    dataOf(ran);
    expect(after).toEqual(before);
    const { body } = operationOf(command);
    const writable = body instanceof z.ZodObject ? Object.keys(body.shape) : [];
    const offered = Object.keys(JSON.parse(ran.offered) as Json);
    // What is secret is sent and never read.
    const unseen = ['scope', ...secretMemberNames, ...ofOtherTypes(before as Json)] as string[];
    expect(offered.toSorted()).toEqual(
      writable.filter((name) => !unseen.includes(name)).toSorted(),
    );
  });
});

/** Members that cloud credentials of another type have; nothing for other objects. */
function ofOtherTypes(object: Json | undefined): string[] {
  const own = membersOfType[object?.['cloudCredentialsType'] as CloudCredentialsType];
  if (own === undefined) return [];
  return Object.values(membersOfType)
    .flat()
    .filter((name) => !own.includes(name));
}

type Options = Record<
  'newImage' | 'name' | 'image' | 'lockComment' | 'unlockPermission' | 'farm' | 'farmRole',
  string
>;

/** What its own options make of a body. */
const optionsOf: Record<string, (body: Options) => string[]> = {
  'image.ReplaceImageUser': ({ newImage }) => ['--newImageId', newImage, '--deprecateOldImage'],
  'image.ReplaceImageAccount': ({ newImage }) => ['--newImageId', newImage, '--scope', 'account'],
  'image.ReplaceImageGlobal': ({ newImage }) => ['--newImageId', newImage],
  'role.RoleClone': ({ name }) => ['--name', name],
  'role.RoleDeprecate': () => ['--state', 'DEPRECATED'],
  'roleimage.CreateRoleImage': ({ image }) => ['--imageId', image],
  'roleimage.ReplaceRoleImage': ({ image }) => ['--newImageId', image],
  'farm.FarmLaunch': () => [],
  'farm.FarmSuspend': () => [],
  'farm.FarmResume': () => [],
  'farm.FarmTerminate': () => ['--force'],
  'farm.FarmClone': ({ name }) => ['--name', name],
  'farm.FarmLock': ({ lockComment, unlockPermission }) => [
    `--lockComment=${lockComment}`,
    `--unlockPermission=${unlockPermission}`,
  ],
  'farmrole.LaunchServer': () => [],
  'farmrole.FarmRoleClone': ({ name, farm }) => ['--alias', name, '--farmId', String(farm)],
  'server.LaunchServerAlias': ({ farmRole }) => ['--farmRoleId', String(farmRole)],
  'server.RebootServer': () => ['--hard'],
  'server.SuspendServer': () => [],
  'server.ResumeServer': () => [],
  'server.TerminateServer': () => ['--force'],
};

describe('changes are made of options', () => {
  const fromOptions = changes.filter((command) => !withJson.includes(command));

  it.each(named(fromOptions))('%s', async (_, command) => {
    const { params, body } = await sample(command);
    const toOptions = optionsOf[command.by];
    if (!toOptions) throw new Error(`What are the options of ${command.by}?`);
    const options = toOptions((body ?? {}) as Options);
    dataOf(await scalrCtl.run([...argsOf(command, params), ...options]));
  });
});

describe('deletes', () => {
  it.each(named(listed.filter(({ method }) => method === 'DELETE')))('%s', async (_, command) => {
    const { params } = await sample(command);
    expect(await scalrCtl.run(argsOf(command, params))).toMatchObject({ code: 0, stderr: '' });
    const get = listed.find(({ method, route }) => method === 'GET' && route === command.route);
    if (!get) throw new Error(`${command.route} cannot be read`);
    const gone = await scalrCtl.run(argsOf(get, params));
    expect(gone).toMatchObject({ code: 1, stdout: '' });
    expect(gone.stderr).toMatch(/^Error: ObjectNotFound: /);
  });
});

it('export image', async () => {
  const command = listed.find(({ words }) => words === 'export image');
  if (!command) throw new Error('There is no such command');
  const { params } = await sample(command);
  const ran = await scalrCtl.run(argsOf(command, params));
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain(String(params?.['imageId']));
});

const notThere = 'Not implemented in current API version';

describe('the help', () => {
  const groups = Map.groupBy(scheme, ({ words }) => words.split(' ').slice(0, -1).join(' '));

  it.each([...groups])(
    'of %s lists what there is, and says what there is not',
    async (group, of) => {
      const ran = await scalrCtl.run([...group.split(' '), '--help']);
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      for (const command of of) {
        const line = new RegExp(`^  ${command.words.split(' ').at(-1)} +(\\S.*)$`, 'm').exec(
          ran.stdout,
        );
        expect(line?.[1] === notThere, command.words).toBe(!isListed(command));
      }
    },
  );
});

it.each([
  'farms generate-template',
  'farm-roles generate-template',
  'farm-role-scaling list',
  'account environments list-teams',
  'global projects list',
])('%s is told to be missing', async (words) => {
  const ran = await scalrCtl.run(words.split(' '));
  expect(ran).toMatchObject({ code: 1, stdout: '', stderr: `Error: ${notThere}\n` });
});
