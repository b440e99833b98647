import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import type { Level } from '#contract/scope.ts';
import { checkInvariants } from '../database/invariants.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { sampleBodies } from '../testing/sample-bodies.ts';

// What every operation must refuse, walked over the contract: a new operation is covered by being there.

const unknownUuid = '00000000-0000-4000-8000-000000000000';
const unknownId = 2_147_483_647;
const unknownIds: Record<string, string | number> = {
  imageId: unknownUuid,
  serverId: unknownUuid,
  replacementId: unknownUuid,
  rolloutId: unknownUuid,
  policyId: unknownUuid,
  evaluationId: unknownUuid,
  operationId: unknownUuid,
  projectId: unknownUuid,
  costCenterId: unknownUuid,
  cloudCredentialsId: unknownUuid,
  cloudImageKey: unknownUuid,
  cloud: 'ec2',
  keyId: 'APIKAAAAAAAAAAAAAAAA',
  osId: 'no-such-os',
};

const bodies = sampleBodies({
  imageId: unknownUuid,
  roleId: unknownId,
  farmId: unknownId,
  farmRoleId: unknownId,
});

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

const requiredQueries: Record<string, string> = {
  usageGroupList: '?by=farm',
  roleCurrentImageGet: '?platform=gce',
};

function pathOf({ level, spec }: Case, tenant: Tenant): string {
  const base = {
    global: '/global',
    account: `/account/${tenant.account.accountId}`,
    user: `/user/${tenant.environment.environmentId}`,
  }[level];
  const path = spec.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    String(unknownIds[name] ?? unknownId),
  );
  return base + path + (requiredQueries[spec.id] ?? '');
}

async function send(browser: Browser, one: Case, tenant: Tenant, body = bodies[one.id]) {
  return browser.send(one.spec.method, pathOf(one, tenant), body);
}

describe('the samples', () => {
  it('cover every operation with a body', () => {
    for (const [, { id, spec }] of withBody) {
      const { error } = spec.body?.safeParse(bodies[id]) ?? {};
      expect(error, `${id} in server/testing/sample-bodies.ts`).toBeUndefined();
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

  const lists = named.filter(
    ([, { spec, level }]) =>
      spec.method === 'GET' && !spec.path.includes('{') && level !== 'global',
  );
  const isForAll = ([, { spec }]: (typeof lists)[number]) => spec.permission === 'view';

  it.each(lists.filter(isForAll))('%s is shown', async (_name, one) => {
    const answer = await send(viewer, one, mine);
    expect(answer.statusCode, answer.body).toBe(200);
  });

  it.each(lists.filter((one) => !isForAll(one)))('%s is not shown', async (_name, one) => {
    const answer = await send(viewer, one, mine);
    expect(answer.statusCode, answer.body).toBe(403);
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
