import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { createKey, sendSigned } from '../testing/signed-client.ts';

const database = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;

beforeAll(async () => {
  app = buildTestApp(database.db);
  tenant = await createTenant(database.db);
});
afterAll(() => app.close());

async function get(email: string, path: string) {
  return sendSigned(app, await createKey(database.db, email), { path });
}

describe('an account path without the account', () => {
  it('means the only account of who asks', async () => {
    for (const { email } of [tenant.accountAdmin, tenant.viewer]) {
      const answer = await get(email, '/account/environments/?maxResults=1');
      expect(answer.statusCode).toBe(200);
      expect(answer.json().data[0].accountId).toBe(tenant.account.accountId);
      // Pages lead on along the path that was asked.
      expect(answer.json().pagination.next).toContain('/api/v1beta0/account/environments/?');
    }
  });

  it('reaches what is inside too', async () => {
    const { environmentId } = tenant.environment;
    const path = `/account/environments/${environmentId}/`;
    expect((await get(tenant.accountAdmin.email, path)).json().data.id).toBe(environmentId);
  });

  it('is refused where there is not just one account', async () => {
    const answer = await get(tenant.corporateAdmin.email, '/account/images/');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].message).toContain('Put its number after /account/');
  });

  it('lets somebody of an environment in no further than before', async () => {
    const answer = await get(tenant.environmentAdmin.email, '/account/images/');
    expect(answer.statusCode).toBe(404);
  });

  it('needs a signature first', async () => {
    const url = '/api/v1beta0/account/images/';
    const answer = await app.inject({ url, headers: { host: 'localhost' } });
    expect(answer.statusCode).toBe(401);
  });
});

describe('a path in the old order', () => {
  it('is carried out, signed as it is sent, with a warning that names the new one', async () => {
    const { environmentId } = tenant.environment;
    const path = `/api/user/v1beta0/${environmentId}/os/?maxResults=1`;
    const answer = await get(tenant.environmentAdmin.email, path);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().warnings).toEqual([
      {
        code: '301 Moved Permanently',
        message: `Location /api/v1beta0/user/${environmentId}/os/`,
      },
    ]);
  });

  it('does not reach around the checks of a path', async () => {
    const answer = await get(tenant.environmentAdmin.email, '/api/user/v1beta0//images/');
    expect(answer.statusCode).toBe(400);
  });
});
