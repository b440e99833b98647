import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { newApiKey } from '../auth/api-keys.ts';
import type { Db } from '../database/connection/connection.ts';
import { insertApiKey, type NewKeyRow } from '../database/queries/people/api-keys.ts';
import { testSecrets } from './app.ts';
import { type Key, signHeaders } from './sign-headers.ts';

export type { Key };

/** A key of the user with this e-mail address, which may be narrowed. */
export async function createKey(
  db: Db,
  email: string,
  limits: Pick<NewKeyRow, 'readOnly' | 'to'> = {},
): Promise<Key> {
  const user = await db
    .selectFrom('users')
    .where('email', '=', email)
    .select('id')
    .executeTakeFirstOrThrow();
  const key = newApiKey();
  const sealed = testSecrets.seal(key.secret, key.id);
  await insertApiKey(db, { id: key.id, userId: user.id, name: 'test', sealed, ...limits });
  return key;
}

export interface SignedSend {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below /api/v1beta0, with its query, as it is sent; or whole when it starts with /api. */
  path: string;
  /** As JSON. Programs send one with every request, `{}` too. */
  body?: unknown;
  date?: string;
  headers?: Record<string, string>;
}

/** Sends a request the way that `scalr-ctl` does. */
export async function sendSigned(
  app: FastifyInstance,
  key: Key,
  { method = 'GET', path, body = {}, date = new Date().toISOString(), headers = {} }: SignedSend,
): Promise<LightMyRequestResponse> {
  const url = path.startsWith('/api/') ? path : `/api/v1beta0${path}`;
  const payload = JSON.stringify(body);
  const signed = signHeaders(key, { method, url, date, body: payload });
  const options: InjectOptions = {
    method,
    url,
    payload,
    headers: { host: 'localhost', ...signed, ...headers },
  };
  return app.inject(options);
}
