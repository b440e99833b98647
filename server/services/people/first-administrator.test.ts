import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFirstLink } from '../../auth/sign-in-links.ts';
import { buildTestApp } from '../../testing/app.ts';
import { withDatabase } from '../../testing/database.ts';

const database = withDatabase();
let app: FastifyInstance;

beforeAll(() => {
  app = buildTestApp(database.db);
});
afterEach(async () => {
  const tables = sql`sign_ins, sessions, passwords, sign_in_links, grants, users`;
  await sql`TRUNCATE ${tables} CASCADE`.execute(database.db);
});
afterAll(() => app.close());

const ann = { name: 'Ann Miller', email: 'Ann@example.com' };
const printed = async () =>
  /#token=([^&]+)&first-administrator$/.exec((await createFirstLink(database.db, '')).url)?.[1] ??
  '';

const post = (path: string, payload: object) =>
  app.inject({
    method: 'POST',
    url: `/api/v1beta0/self/${path}/`,
    headers: { host: 'localhost', origin: 'http://localhost' },
    payload,
  });
const create = (token: string, more: object = {}) =>
  post('first-administrator', { token, ...ann, ...more });

describe('the printed link', () => {
  it('makes an administrator of everything, signs them in, and is recorded', async () => {
    const answer = await create(await printed(), { password: 'correct horse battery' });
    expect(answer.statusCode, answer.body).toBe(201);
    expect(answer.json().data).toMatchObject({
      user: { name: ann.name, email: 'ann@example.com' },
      grants: [{ role: 'administrator', scope: 'scalr' }],
    });
    expect(answer.cookies).toMatchObject([{ name: 'slipway' }]);
    const log = database.db.selectFrom('operations_log').select(['operation', 'actor']);
    expect(await log.execute()).toContainEqual({
      operation: 'firstAdministratorCreate',
      actor: 'system:sign-in',
    });
    const again = { email: ann.email, password: 'correct horse battery' };
    expect((await post('session/password', again)).statusCode).toBe(201);
  });

  it('works without a password', async () => {
    expect((await create(await printed())).statusCode).toBe(201);
    expect(await database.db.selectFrom('passwords').selectAll().execute()).toEqual([]);
  });

  it('makes one administrator, of many at once', async () => {
    const tokens = [await printed(), await printed()];
    const tries = [...tokens, ...tokens, ...tokens].map((token, index) =>
      create(token, { email: `ann-${index}@example.com` }),
    );
    const statuses = (await Promise.all(tries)).map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    const users = await database.db.selectFrom('users').select('id').execute();
    expect(users).toHaveLength(1);
  });

  it('is the only way: a guess makes nobody, nor has anything hashed', async () => {
    await printed();
    const answer = await create('guessed', { password: 'correct horse battery' });
    expect(answer.statusCode).toBe(401);
    expect(await database.db.selectFrom('users').select('id').execute()).toEqual([]);
    expect(await database.db.selectFrom('sign_ins').select(['way', 'outcome']).execute()).toEqual([
      { way: 'link', outcome: 'used-link' },
    ]);
  });

  it('ends after 15 minutes, and signs in nobody by itself', async () => {
    const token = await printed();
    expect((await post('session', { token })).statusCode).toBe(401);
    await sql`UPDATE sign_in_links SET expires_at = clock_timestamp() - interval '1 second'`.execute(
      database.db,
    );
    expect((await create(token)).statusCode).toBe(401);
  });

  it('is neither made nor good once there is an administrator', async () => {
    const [token, left] = [await printed(), await printed()];
    expect((await create(token)).statusCode).toBe(201);
    const answer = await create(left, { email: 'eve@example.com' });
    expect(answer.statusCode).toBe(409);
    await expect(printed()).rejects.toMatchObject({ code: 'UnacceptableState' });
  });

  it('is still good after a password that was refused', async () => {
    const token = await printed();
    const refused = await create(token, { password: 'ann miller' });
    expect(refused.json().errors[0]).toMatchObject({ code: 'InvalidValue', field: 'password' });
    expect((await create(token)).statusCode).toBe(201);
  });
});
