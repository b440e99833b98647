import { z } from 'zod';
import { parseAs } from './answers.ts';
import { OpenstackError, parseJson } from './errors.ts';
import type { Exchange } from './http.ts';
import { untilAborted } from './until-aborted.ts';

/** As whom Keystone is asked: a user in one project, or what a user has made for a program like this one. */
export type OpenstackLogin =
  | { userName: string; password: string; domainName: string; projectName: string }
  | { applicationCredentialId: string; applicationCredentialSecret: string };

const named = z.object({ id: z.string(), name: z.string() });
const endpointSchema = z.object({
  interface: z.string(),
  region_id: z.string().nullish(),
  region: z.string().nullish(),
  url: z.string(),
});
const tokenSchema = z.object({
  token: z.object({
    issued_at: z.coerce.date(),
    expires_at: z.coerce.date(),
    user: named,
    project: named,
    roles: z.array(named),
    catalog: z.array(z.object({ type: z.string(), endpoints: z.array(endpointSchema) })),
  }),
});

/** What Keystone has let us have. */
export interface Session {
  token: string;
  userName: string;
  project: { id: string; name: string };
  roles: readonly string[];
  catalogue: z.output<typeof tokenSchema>['token']['catalog'];
}

/** However long a caller waits: others wait for the same. */
const loginMs = 30_000;

/** A token of Keystone's, asked for once and kept until a tenth of its life is left, by the clock here. */
export class Identity {
  readonly #logIn: () => Promise<Session & { renewAt: number }>;
  #login: Promise<Session & { renewAt: number }> | undefined;

  constructor(exchange: Exchange, keystoneUrl: string, login: OpenstackLogin) {
    this.#logIn = () => logIn(exchange, keystoneUrl, login);
  }

  /**
   * @param refused a token that a service does not take, since it was revoked, say
   * @throws CloudError, for good where Keystone does not know us
   */
  async session(signal: AbortSignal, refused?: string): Promise<Session> {
    const login = this.#login;
    const kept = login && (await untilAborted(orNothing(login), signal));
    if (kept && kept.token !== refused && kept.renewAt > performance.now()) return kept;
    // Of those that come here at once, the first asks.
    if (this.#login === undefined || this.#login === login) this.#login = this.#logIn();
    return untilAborted(this.#login, signal);
  }
}

const orNothing = <Result>(work: Promise<Result>) => work.catch(() => undefined);

async function logIn(exchange: Exchange, keystoneUrl: string, login: OpenstackLogin) {
  const answer = await exchange({
    method: 'POST',
    url: `${keystoneUrl}/auth/tokens`,
    headers: { 'content-type': 'application/json' },
    body: { auth: authOf(login) },
    signal: AbortSignal.timeout(loginMs),
  });
  const token = answer.headers['x-subject-token'];
  if (answer.status !== 201 || typeof token !== 'string')
    throw new OpenstackError('Keystone', answer);
  const read = parseAs(tokenSchema, parseJson(answer.body), 'Keystone', 'a login').token;
  const lifeMs = read.expires_at.getTime() - read.issued_at.getTime();
  return {
    token,
    userName: read.user.name,
    project: read.project,
    roles: read.roles.map(({ name }) => name),
    catalogue: read.catalog,
    renewAt: performance.now() + lifeMs * 0.9,
  };
}

function authOf(login: OpenstackLogin) {
  if ('applicationCredentialId' in login)
    return {
      identity: {
        methods: ['application_credential'],
        application_credential: {
          id: login.applicationCredentialId,
          secret: login.applicationCredentialSecret,
        },
      },
    };
  const domain = { name: login.domainName };
  const { userName: name, password } = login;
  return {
    identity: { methods: ['password'], password: { user: { name, domain, password } } },
    scope: { project: { name: login.projectName, domain } },
  };
}
