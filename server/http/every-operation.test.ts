import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import type { Level } from '#contract/scope.ts';
import { checkInvariants } from '../database/invariants.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';

// What every operation must refuse, walked over the contract: a new operation is covered by being there.

const unknownUuid = '00000000-0000-4000-8000-000000000000';
const unknownId = 2_147_483_647;
const unknownIds: Record<string, string | number> = {
  imageId: unknownUuid,
  serverId: unknownUuid,
  replacementId: unknownUuid,
  projectId: unknownUuid,
  costCenterId: unknownUuid,
  osId: 'no-such-os',
};

/** A body that the contract accepts, for each operation that has one. */
const bodies: Partial<Record<OperationId, unknown>> = {
  imageCreate: {
    name: 'nginx-1-9',
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    cloudImageId: 'ami-every-operation',
    os: 'ubuntu-24-04',
  },
  imageUpdate: { description: 'x' },
  imageDeprecate: { deprecate: true },
  imagePromote: {},
  imageReplace: { newImage: unknownUuid },
  imageReplacePreview: { newImage: unknownUuid },
  replacementRollBack: {},
  roleCreate: { name: 'nginx-1-9', category: 1, os: 'ubuntu-24-04' },
  roleUpdate: { description: 'x' },
  roleDeprecate: { deprecate: true },
  roleClone: { name: 'nginx-1-9-copy' },
  rolePromote: {},
  roleImageCreate: { image: unknownUuid },
  roleImageReplace: { image: unknownUuid },
  roleCategoryCreate: { name: 'Edge servers' },
  roleCategoryUpdate: { name: 'Edge proxies' },
  projectCreate: {
    name: 'Black Friday',
    costCenter: '00000000-0000-4000-8000-000000000001',
    billingCode: 'BF-26',
    leadEmail: 'lead@example.com',
  },
  projectUpdate: { billingCode: 'BF-27' },
  farmCreate: { name: 'New farm' },
  farmUpdate: { name: 'Renamed farm' },
  farmClone: { name: 'Copied farm' },
  farmTerminate: { force: true },
  farmLock: { lockComment: 'Frozen', unlockPermission: 'owner' },
  farmUnlock: {},
  farmRoleCreate: {
    alias: 'web',
    role: unknownId,
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    instanceType: 'm7g.large',
    scaling: { enabled: true, minInstances: 1, maxInstances: 2 },
  },
  farmRoleUpdate: { alias: 'web-2', platform: 'ec2' },
  farmRoleClone: { name: 'web-3', farm: unknownId },
  farmRoleScalingUpdate: { minInstances: 2 },
  farmRoleInstanceUpdate: { instanceType: { id: 'm7g.large' } },
  farmRolePlacementUpdate: { region: 'us-east-1' },
  serverLaunch: { farmRole: unknownId },
  serverUpdate: { hostname: 'web-1.example.com' },
  serverReboot: { hard: true },
  serverTerminate: { force: true },
  accountCreate: { name: 'New account' },
  accountUpdate: { name: 'Renamed account' },
  environmentCreate: { name: 'New environment' },
  environmentUpdate: { name: 'Renamed environment' },
  sessionCreate: { token: 'unknown' },
};

interface Case {
  id: OperationId;
  level: Level;
  spec: OperationSpec;
}

const scoped: Case[] = (Object.entries(operations) as [OperationId, OperationSpec][]).flatMap(
  ([id, spec]) => spec.levels.flatMap((level) => (level === 'self' ? [] : [{ id, level, spec }])),
);
const named = scoped.map((one) => [`${one.id} at ${one.level} level`, one] as const);
const withParams = named.filter(([, { spec }]) => spec.path.includes('{'));
const withBody = named.filter(([, { spec }]) => spec.body);
const changing = named.filter(
  ([, { spec }]) => spec.permission !== 'view' && spec.method !== 'GET',
);

const test = withDatabase();
let app: FastifyInstance;
let mine: Tenant;
let others: Tenant;
let admin: Browser;
let corporateAdmin: Browser;
let viewer: Browser;

beforeAll(async () => {
  app = buildTestApp(test.db);
  mine = await createTenant(test.db);
  others = await createTenant(test.db);
  admin = await openBrowser(app, test.db, mine.accountAdmin.email);
  corporateAdmin = await openBrowser(app, test.db, mine.corporateAdmin.email);
  viewer = await openBrowser(app, test.db, mine.viewer.email);
});
afterAll(() => app.close());

function pathOf({ level, spec }: Case, tenant: Tenant): string {
  const base = {
    global: '/global',
    account: `/account/${tenant.account.accountId}`,
    user: `/user/${tenant.environment.environmentId}`,
  }[level];
  const path = spec.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    String(unknownIds[name] ?? unknownId),
  );
  const required = spec.id === 'usageGroupList' ? '?by=farm' : '';
  return base + path + required;
}

async function send(browser: Browser, one: Case, tenant: Tenant, body = bodies[one.id]) {
  return browser.send(one.spec.method, pathOf(one, tenant), body);
}

describe('the samples', () => {
  it('cover every operation with a body', () => {
    for (const [, { id, spec }] of withBody) {
      expect(spec.body?.safeParse(bodies[id]).success, id).toBe(true);
    }
  });
});

describe('without a session', () => {
  it.each(named)('%s is refused with 401', async (_name, one) => {
    const answer = await app.inject({
      method: one.spec.method,
      url: `/api/v1beta0${pathOf(one, mine)}`,
      headers: {
        host: 'localhost',
        origin: 'http://localhost',
        'content-type': 'application/json',
      },
      ...(bodies[one.id] !== undefined && { payload: JSON.stringify(bodies[one.id]) }),
    });
    expect(answer.statusCode, answer.body).toBe(401);
    expect(answer.json().errors[0].code).toBe('BadAuthentication');
  });
});

describe("in somebody else's account", () => {
  it.each(named.filter(([, { level }]) => level !== 'global'))(
    '%s finds nothing, as if it did not exist',
    async (_name, one) => {
      const foreign = await send(admin, one, others);
      expect(foreign.statusCode, foreign.body).toBe(404);
      const absent = await admin.send(
        one.spec.method,
        pathOf(one, {
          ...others,
          account: { scope: 'account', accountId: 999_999 },
          environment: { ...others.environment, environmentId: 999_999 },
        }),
        bodies[one.id],
      );
      const text = (body: string) => body.replaceAll(/"requestId":"[^"]*"|\d+/g, '');
      expect(text(absent.body)).toBe(text(foreign.body));
    },
  );
});

describe('an id that nobody has', () => {
  it.each(withParams)('%s answers 404', async (_name, one) => {
    const answer = await send(corporateAdmin, one, mine);
    expect(answer.statusCode, answer.body).toBe(404);
    expect(answer.json().errors[0].code).toBe('ObjectNotFound');
  });
});

describe('a viewer', () => {
  it.each(changing.filter(([, { level }]) => level !== 'global'))(
    '%s is refused, and the denial is recorded',
    async (_name, one) => {
      const answer = await send(viewer, one, mine);
      expect(answer.statusCode, answer.body).toBe(403);
      expect(answer.json().errors[0].code).toBe('PermissionViolation');
      const denial = await test.db
        .selectFrom('denials')
        .where('request_id', '=', answer.json().meta.requestId)
        .select(['operation', 'actor'])
        .executeTakeFirst();
      expect(denial).toEqual({ operation: one.id, actor: mine.viewer.email });
    },
  );

  it.each(
    named.filter(
      ([, { spec, level }]) =>
        spec.method === 'GET' && !spec.path.includes('{') && level !== 'global',
    ),
  )('%s is shown', async (_name, one) => {
    const answer = await send(viewer, one, mine);
    expect(answer.statusCode, answer.body).toBe(200);
  });
});

describe('a body that is wrong', () => {
  it.each(withBody)('%s is refused for an unknown member', async (_name, one) => {
    const answer = await send(corporateAdmin, one, mine, {
      ...(bodies[one.id] as object),
      __proto__x: 1,
    });
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json().errors[0]).toMatchObject({
      code: 'InvalidStructure',
      field: '__proto__x',
    });
  });

  it.each(withBody)('%s is refused for wrongly typed members', async (_name, one) => {
    for (const key of Object.keys(bodies[one.id] as object)) {
      for (const value of [{ a: 1 }, [[]], 1e300]) {
        const answer = await send(corporateAdmin, one, mine, {
          ...(bodies[one.id] as object),
          [key]: value,
        });
        expect(answer.statusCode, `${key} ${answer.body}`).toBe(400);
      }
    }
  });

  it.each(named.filter(([, { spec }]) => spec.method === 'GET'))(
    '%s is refused for an unknown parameter',
    async (_name, one) => {
      const path = pathOf(one, mine);
      const answer = await corporateAdmin.send(
        'GET',
        `${path}${path.includes('?') ? '&' : '?'}colour=red`,
      );
      expect(answer.statusCode, answer.body).toBe(400);
      expect(answer.json().errors[0].code).toBe('InvalidStructure');
    },
  );
});

describe('after all that', () => {
  it('nothing was changed and every invariant holds', async () => {
    expect(await test.db.selectFrom('operations_log').select('operation').execute()).toEqual([]);
    expect(await checkInvariants(test.db)).toEqual([]);
  });
});
