import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Oidc from 'oidc-provider';

/** What the provider says of somebody. */
export type Claims = Record<string, unknown>;

/** A real provider of OpenID Connect on loopback. */
export interface IdentityProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Whom it knows, by subject. */
  people: Map<string, Claims>;
  /** Who signs in without being asked, by subject; `refuse` refuses; undefined shows a form. */
  signsIn: string | undefined;
  /** How far its clock is behind when it makes tokens. */
  behindMs: number;
  /** Sends browsers back there, and nowhere else. */
  allow(redirectUri: string, signedOutUri: string): void;
  close(): Promise<void>;
}

interface Context {
  oidc: {
    provider: Oidc;
    client?: { clientId: string };
    session?: { accountId?: string };
  };
  body: unknown;
}

const scopes = ['openid', 'email', 'profile'];

/** Starts one that knows nobody. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  let oidc: Oidc | undefined;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: IdentityProvider = {
    issuer,
    clientId: 'slipway',
    clientSecret: 'a secret of the tests, of no worth',
    people: new Map(),
    signsIn: undefined,
    behindMs: 0,
    allow: (redirectUri, signedOutUri) => {
      oidc = new Oidc(issuer, configurationOf(provider, redirectUri, signedOutUri));
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!oidc) return void response.writeHead(503).end();
    if (request.url === '/token') setClockBack(provider.behindMs, response);
    if (request.url?.startsWith('/interaction/') !== true)
      return oidc.callback()(request, response);
    const posted = request.method === 'POST' ? new URLSearchParams(await text(request)) : undefined;
    const subject = posted?.get('login') ?? provider.signsIn;
    if (subject === undefined)
      return void response.setHeader('content-type', 'text/html').end(form);
    const result =
      subject === 'refuse' ? { error: 'access_denied' } : { login: { accountId: subject } };
    await oidc.interactionFinished(request, response, result);
  }

  return provider;
}

/** For as long as one answer takes. */
function setClockBack(ms: number, response: ServerResponse): void {
  const now = Date.now;
  Date.now = () => now() - ms;
  response.once('close', () => (Date.now = now));
}

const page = (body: string) =>
  `<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><h1>Provider</h1>${body}`;
const form = page(
  '<form method="post"><label>Login <input name="login"></label><button>Go on</button></form>',
);

function configurationOf(provider: IdentityProvider, redirectUri: string, signedOutUri: string) {
  return {
    clients: [
      {
        client_id: provider.clientId,
        client_secret: provider.clientSecret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [signedOutUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    scopes,
    claims: { openid: ['sub', 'groups'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['tests'] },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, IdToken: 600, Session: 600, Grant: 600, Interaction: 600 },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...provider.people.get(accountId) }),
    }),
    // Its own client: nobody is asked whether it may.
    loadExistingGrant: async ({ oidc: { provider: own, client, session } }: Context) => {
      const grant = new own.Grant({ clientId: client?.clientId, accountId: session?.accountId });
      grant.addOIDCScope(scopes.join(' '));
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context: Context, formText: string) => {
          context.body = page(
            `${formText}<button form="op.logoutForm" name="logout" value="yes">Sign out here too</button>`,
          );
        },
      },
    },
  };
}
