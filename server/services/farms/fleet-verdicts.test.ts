import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Verdict } from '#contract/actions.ts';
import { endedServerStatuses } from '#contract/farms/statuses.ts';
import { unlockPermissions } from '#contract/farms/farms.ts';
import { farmStatuses, serverStatuses } from '#contract/farms/statuses.ts';
import type { OperationId } from '#contract/operations.ts';
import { userRoles } from '#contract/permissions.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import {
  type CallInput,
  type Client,
  createClient,
  createTenant,
  randomName,
  type Tenant,
} from '../../testing/harness.ts';
import { outcomeOf, switchUndoing, undoChangesAtCommit } from '../../testing/undone-calls.ts';

// Small random farms and users of every role: what `include=actions` says of a farm, its farm roles and
// its servers, read from any scope, is what the call then says in their environment.

const database = withDatabase();
const full = process.env.SLIPWAY_TEST_FULL === '1';
let tenant: Tenant;
/** One of each role in the environment, the mightiest last; and who owns the farms. */
let people: Client[];
let owner: Client;
let ownerId: number;

beforeAll(async () => {
  const { db } = database;
  tenant = await createTenant(db);
  owner = await createClient(db, 'operator', tenant.environment);
  people = [
    ...(await Promise.all(userRoles.map((role) => createClient(db, role, tenant.environment)))),
    owner,
    tenant.corporateAdmin,
  ];
  const { id } = await db
    .selectFrom('users')
    .where('email', '=', owner.email)
    .select('id')
    .executeTakeFirstOrThrow();
  ownerId = id;
  await undoChangesAtCommit(db);
});

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const anEstate = fc.record({
  status: mostly<(typeof farmStatuses)[number]>('running', ...farmStatuses),
  lock: mostly<(typeof unlockPermissions)[number] | undefined>(undefined, ...unlockPermissions),
  lockedByOwner: fc.boolean(),
  deprecated: mostly(false, true),
  automation: mostly('base', 'mysql'),
  imageType: mostly(null, 'instance-store'),
  platform: mostly('ec2', 'azure', 'openstack'),
  scaling: fc.record({
    scaling_enabled: mostly(true, false),
    min_servers: fc.nat(3),
    max_servers: fc.integer({ min: 3, max: 4 }),
  }),
  servers: fc.array(fc.constantFrom(...serverStatuses), { maxLength: 4 }),
  who: fc.oneof(fc.nat(userRoles.length + 1), fc.constant(userRoles.length + 1)),
  from: fc.constantFrom('environment', 'account', 'corporate'),
});
type Estate = typeof anEstate extends fc.Arbitrary<infer Value> ? Value : never;

async function build(estate: Estate) {
  const { db } = database;
  await switchUndoing(db, false);
  const place = {
    cloud_platform: estate.platform,
    cloud_location: estate.platform === 'azure' ? '' : 'us-east-1',
  };
  const image = await insertImage(db, tenant.account, { ...place, type: estate.imageType });
  const role = await insertRole(db, tenant.account, [image.id], {
    use_scalr_agent: true,
    builtin_automation: [estate.automation],
    deprecated_at: estate.deprecated ? new Date() : null,
  });
  const { farmId, farmRoleId } = await insertFarm(db, tenant.environment, role.id, {
    cloudPlatform: estate.platform,
    ownerId,
  });
  const added_at = new Date(Date.now() - 60_000);
  await db
    .updateTable('farm_roles')
    .set({ ...estate.scaling, added_at })
    .where('id', '=', farmRoleId)
    .execute();
  const lock = estate.lock && {
    locked_at: new Date(),
    locked_by: estate.lockedByOwner ? owner.email : 'somebody@example.com',
    lock_comment: 'Frozen',
    unlock_permission: estate.lock,
  };
  await db
    .updateTable('farms')
    .set({ status: estate.status, ...lock })
    .where('id', '=', farmId)
    .execute();
  const serverIds = [];
  for (const status of estate.servers)
    serverIds.push(...(await insertServers(db, farmRoleId, image.id, 1, status)));
  const spare = await insertRole(db, tenant.account, [image.id], { builtin_automation: ['base'] });
  const other = await insertFarm(db, tenant.environment, spare.id, {
    cloudPlatform: estate.platform,
  });
  await switchUndoing(db, true);
  return { farmId, farmRoleId, serverIds, spare: spare.id, other: other.farmId, place };
}
type Built = Awaited<ReturnType<typeof build>>;

/** Several inputs are tried in turn: the action is possible if one of them is. */
type Call = [operation: OperationId, ...inputs: object[]];

function farmCalls({ farmId, spare, place }: Built): Record<string, Call> {
  const params = { farmId };
  const body = {
    alias: randomName('web'),
    role: { id: spare },
    cloudPlatform: place.cloud_platform,
    cloudLocation: 'us-east-1',
  };
  return {
    update: ['farmUpdate', { params, body: { description: randomName('x') } }],
    addRole: ['farmRoleCreate', { params, body }],
    move: ['rolloutPlan', { body: { farm: farmId } }],
    launch: ['farmLaunch', { params }],
    suspend: ['farmSuspend', { params }],
    resume: ['farmResume', { params }],
    terminate: ['farmTerminate', { params, body: {} }],
    lock: ['farmLock', { params, body: {} }],
    unlock: ['farmUnlock', { params, body: {} }],
    clone: ['farmClone', { params, body: { name: randomName('clone') } }],
    delete: ['farmDelete', { params }],
  };
}

function farmRoleCalls({ farmRoleId, other }: Built): Record<string, Call> {
  const params = { farmRoleId };
  const name = randomName('clone');
  return {
    update: ['farmRoleUpdate', { params, body: { alias: randomName('web') } }],
    launchServer: ['farmRoleServerLaunch', { params }],
    move: ['rolloutPlan', { body: { farmRole: farmRoleId } }],
    clone: [
      'farmRoleClone',
      { params, body: { name } },
      { params, body: { name, farm: { id: other } } },
    ],
    delete: ['farmRoleDelete', { params }],
  };
}

function serverCalls(serverId: string): Record<string, Call> {
  const params = { serverId };
  return {
    update: ['serverUpdate', { params, body: { hostname: randomName('host') } }],
    move: ['rolloutPlan', { body: { servers: [serverId] } }],
    reboot: ['serverReboot', { params, body: {} }],
    suspend: ['serverSuspend', { params }],
    resume: ['serverResume', { params }],
    terminate: ['serverTerminate', { params, body: {} }],
    terminateAndLower: ['serverTerminate', { params, body: { lowerMinimum: true } }],
  };
}

/** What was seen, so that the test can show that it saw every kind of answer. */
const seen = new Set<string>();

async function compare(
  client: Client,
  what: string,
  verdicts: Record<string, Verdict> | undefined,
  calls: Record<string, Call>,
): Promise<void> {
  const said: Record<string, string> = {};
  const done: Record<string, string> = {};
  for (const [action, [operation, ...inputs]] of Object.entries(calls)) {
    const verdict = verdicts?.[action];
    said[action] = verdict?.allowed === true ? '-' : (verdict?.code ?? 'not said');
    const outcomes = [];
    for (const input of inputs)
      outcomes.push(
        await outcomeOf(
          client.call(operation, tenant.environment, input as CallInput<typeof operation>),
        ),
      );
    done[action] = outcomes.find((outcome) => outcome === '-') ?? outcomes.at(-1) ?? '';
    seen.add(`${what}.${action}: ${said[action]}`);
  }
  expect(Object.keys(verdicts ?? {}).toSorted()).toEqual(Object.keys(calls).toSorted());
  expect(said, `verdicts on a ${what} for ${client.email}`).toEqual(done);
}

async function check(estate: Estate): Promise<void> {
  const built = await build(estate);
  const client = people[estate.who] ?? owner;
  const isAbove = estate.from !== 'environment' && client === tenant.corporateAdmin;
  const at = isAbove ? tenant[estate.from] : tenant.environment;
  const query = { include: 'actions' };
  const { farmId, farmRoleId, serverIds } = built;
  const farm = await client.call('farmGet', at, { params: { farmId }, query });
  await compare(client, 'farm', farm.data.actions, farmCalls(built));
  const farmRole = await client.call('farmRoleGet', at, { params: { farmRoleId }, query });
  await compare(client, 'farm role', farmRole.data.actions, farmRoleCalls(built));
  const list = await client.call('farmServerList', at, { params: { farmId }, query });
  for (const server of list.data)
    await compare(client, 'server', server.actions, serverCalls(server.id));
  expect(list.data.map(({ id }) => id).toSorted()).toEqual(serverIds.toSorted());
  for (const { status, afterTermination } of list.data) {
    const ends = endedServerStatuses.some((one) => one === status);
    const live = estate.servers.filter((one) => !endedServerStatuses.some((end) => end === one));
    const { scaling_enabled, min_servers } = estate.scaling;
    const starts = estate.status === 'running' && scaling_enabled && live.length - 1 < min_servers;
    expect(afterTermination === undefined).toBe(ends);
    if (!ends) expect(afterTermination?.starts !== null).toBe(starts);
  }
  await switchUndoing(database.db, false);
  // Farms that sleep or are terminated may have had servers that real ones would not have.
  await database.db.deleteFrom('servers').where('farm_id', '=', farmId).execute();
}

test('the verdict on a farm, a farm role and a server is what the call then says', async () => {
  const property = fc.asyncProperty(anEstate, check);
  await fc.assert(property, { numRuns: full ? 500 : 30, endOnFailure: true });
  for (const answer of [
    'farm.launch: -',
    'farm.launch: Locked',
    'farm.suspend: ConfigurationMismatch',
    'farm.unlock: PermissionViolation',
    'farm.clone: Deprecated',
    'farm.terminate: UnacceptableState',
    'farm role.launchServer: -',
    'farm role.clone: Deprecated',
    'server.terminate: -',
    'server.reboot: NotImplemented',
    'server.terminateAndLower: Locked',
  ])
    expect([...seen], answer).toContain(answer);
});
