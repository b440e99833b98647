import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { type AppOptions, buildApp } from '../app.ts';
import { makeSecretBox } from '../auth/secret-box.ts';
import { createSession, defaultLimits } from '../auth/sessions.ts';
import type { Db } from '../database/connection/connection.ts';
import { testSecretsKey } from './test-key.ts';

const host = 'localhost';
const origin = `http://${host}`;

/** What test databases seal secrets with. */
export const testSecrets = makeSecretBox(testSecretsKey);

interface TestAppOptions extends Partial<Omit<AppOptions, 'db' | 'env'>> {
  env?: Partial<AppOptions['env']>;
}

/** The application on a test database, without a port. */
export function buildTestApp(db: Db, { env, ...parts }: TestAppOptions = {}): FastifyInstance {
  const testEnv: AppOptions['env'] = {
    addressLimitPerMinute: 0,
    allowedHosts: [host],
    secureCookies: false,
    trustProxy: false,
    publicUrl: undefined,
    basePath: '',
    databaseConnections: 16,
    isReadable: false,
    logLevel: 'silent',
    metricsListen: undefined,
    metricsToken: undefined,
    passkeys: 'offered',
    passwords: true,
    probesListen: undefined,
    provider: undefined,
    rateLimitPerMinute: 0,
    sessions: defaultLimits,
  };
  const channels = { mail: true, webhook: false, address: origin };
  return buildApp({ db, secrets: testSecrets, channels, ...parts, env: { ...testEnv, ...env } });
}

export interface Browser {
  /** Sends a request as a page of Slipway would: with the cookie, an Origin, and JSON. */
  send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
}

/** A signed-in browser of the user with this e-mail address. */
export async function openBrowser(app: FastifyInstance, db: Db, email: string): Promise<Browser> {
  const user = await db
    .selectFrom('users')
    .where('email', '=', email)
    .select('id')
    .executeTakeFirstOrThrow();
  const { token } = await createSession(db, user.id);
  return {
    send: (method, path, body, headers = {}) => {
      const options: InjectOptions = {
        method,
        url: `/api/v1beta0${path}`,
        headers: { host, origin, cookie: `slipway=${token}`, ...headers },
      };
      if (body !== undefined) {
        options.payload =
          typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
        options.headers = { 'content-type': 'application/json', ...options.headers };
      }
      return app.inject(options);
    },
  };
}
