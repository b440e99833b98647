import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { hashToken } from './sessions.ts';
import { createSignInLink, redeemSignInLink } from './sign-in-links.ts';

const database = withDatabase();
let tenant: Tenant;

beforeAll(async () => {
  tenant = await createTenant(database.db);
});

/** A link of the viewer that ends in so long. @returns its token */
async function linkThatEndsIn(time: string): Promise<string> {
  const { email } = tenant.viewer;
  const { url } = await createSignInLink(database.db, { email, baseUrl: 'http://localhost' });
  const token = new URL(url).hash.replace('#token=', '');
  await sql`UPDATE sign_in_links SET expires_at = clock_timestamp() + ${time}::interval
    WHERE token_hash = ${hashToken(token)}`.execute(database.db);
  return token;
}

const refused = { code: 'BadAuthentication' };

describe('a sign-in link', () => {
  it('is good for 15 minutes', async () => {
    const { email } = tenant.viewer;
    const link = await createSignInLink(database.db, { email, baseUrl: 'http://localhost' });
    expect((link.expires.getTime() - Date.now()) / 60_000).toBeCloseTo(15, 0);
    expect(await redeemSignInLink(database.db, await linkThatEndsIn('1 minute'))).toBeTypeOf(
      'number',
    );
    const late = await linkThatEndsIn('-1 second');
    await expect(redeemSignInLink(database.db, late)).rejects.toMatchObject(refused);
  });

  it('works once', async () => {
    const token = await linkThatEndsIn('1 minute');
    await redeemSignInLink(database.db, token);
    await expect(redeemSignInLink(database.db, token)).rejects.toMatchObject(refused);
  });

  it('is of no use to somebody who was suspended after it was made', async () => {
    const token = await linkThatEndsIn('1 minute');
    const setStatus = (status: 'active' | 'suspended') =>
      database.db
        .updateTable('users')
        .set({ status })
        .where('email', '=', tenant.viewer.email)
        .execute();
    await setStatus('suspended');
    await expect(redeemSignInLink(database.db, token)).rejects.toMatchObject(refused);
    await setStatus('active');
  });
});
