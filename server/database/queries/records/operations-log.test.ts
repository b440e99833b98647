import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { withDatabase } from '../../../testing/database.ts';
import { createTenant } from '../../../testing/harness.ts';
import { findTamperedRevisions } from '../../records/log-check.ts';

// It tampers with the log.
const test = withDatabase({ breaks: ['INV-20', 'ACT-01', 'ACT-02'] });

async function changeThrice() {
  const tenant = await createTenant(test.db);
  const { data } = await tenant.accountAdmin.call('imageCreate', tenant.account, {
    body: {
      name: 'nginx-1-9',
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      cloudImageId: 'ami-1',
      os: 'ubuntu-24-04',
      architecture: 'x86_64',
      description: 'ü "quoted" \\ and numbers 1.50',
    },
  });
  for (const description of ['one', 'two'])
    await tenant.accountAdmin.call('imageUpdate', tenant.account, {
      params: { imageId: data.id },
      body: { description },
    });
  return `account:${tenant.account.accountId}`;
}

/** Writes past the trigger that makes the log append-only, as someone with the database could. */
async function tamper(text: string): Promise<void> {
  await test.db.transaction().execute(async (tx) => {
    await sql`SET LOCAL session_replication_role = replica`.execute(tx);
    await sql.raw(text).execute(tx);
  });
}

describe('the operations log', () => {
  it('numbers each chain from 1 without gaps, and carries the hash of its content', async () => {
    const chain = await changeThrice();
    const rows = await test.db
      .selectFrom('operations_log')
      .where('chain', '=', chain)
      .select('revision')
      .orderBy('revision')
      .execute();
    expect(rows.map((row) => row.revision)).toEqual([1, 2, 3]);
    expect(await findTamperedRevisions(test.db)).toEqual([]);
  });

  it('cannot be changed', async () => {
    await changeThrice();
    await expect(test.db.deleteFrom('operations_log').execute()).rejects.toThrow('append-only');
    await expect(
      test.db.updateTable('operations_log').set({ actor: 'me' }).execute(),
    ).rejects.toThrow('append-only');
  });

  it.each([
    ['an actor', `UPDATE operations_log SET actor = 'me' WHERE revision = 2`, 2],
    ['what came after', `UPDATE operations_log SET after = '{}' WHERE revision = 3`, 3],
    ['what else changed', `UPDATE operations_log SET others = '[]' WHERE revision = 2`, 2],
    ['how it was done', `UPDATE operations_log SET options = '{}' WHERE revision = 2`, 2],
    ['what rows no longer have', `UPDATE operations_log SET undo = '{}' WHERE revision = 2`, 2],
    ['its shape', `UPDATE operations_log SET shape = 1 WHERE revision = 2`, 2],
    ['a row taken out', `DELETE FROM operations_log WHERE revision = 1`, 2],
  ])('shows that it was tampered with: %s', async (_name, text, revision) => {
    const chain = await changeThrice();
    await tamper(`${text} AND chain = '${chain}'`);
    expect(await findTamperedRevisions(test.db)).toContainEqual({ chain, revision });
  });
});
