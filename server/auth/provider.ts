import type { Configuration } from 'openid-client';
import type { SignInProblem } from '#contract/people/sign-in-problems.ts';
import type { ProviderPerson, ProviderRules } from '../domain/people/provider-sign-in.ts';

export type { ProviderPerson };

/** The provider of OpenID Connect, as whoever runs Slipway set it up: docs/operations.md, "OpenID Connect". */
export interface ProviderSettings extends ProviderRules {
  issuer: string;
  clientId: string;
  /** Undefined for a public client, which PKCE alone protects. */
  clientSecret: string | undefined;
  scopes: string;
  /** Undefined where groups decide nothing. */
  groupsClaim: string | undefined;
  /** What people call it. */
  label: string;
}

/** One sign-in on its way: what the answer of the provider must fit. */
export interface ProviderAttempt {
  verifier: string;
  nonce: string;
  state: string;
}

/** Why nobody can be signed in, in a word for the page and in more of them for the log. */
export class ProviderRefusal extends Error {
  override name = 'ProviderRefusal';
  readonly problem: SignInProblem;
  /** Whom the provider vouched for, where it came that far. */
  readonly email: string | undefined;

  constructor(problem: SignInProblem, options: ErrorOptions & { email?: string | undefined } = {}) {
    super(`Signing in by the provider: ${problem}`, options);
    this.problem = problem;
    this.email = options.email;
  }
}

const patienceSeconds = 10;
/** What a provider says of itself is asked for anew after so long. */
const discoveryMs = 3_600_000;
// It costs memory and time, which most installations never need to spend.
const load = () => import('openid-client');

/** Speaks to the provider. What it says of itself is asked for when somebody signs in, and kept for an hour. */
export class Provider {
  readonly settings: ProviderSettings;
  #found: { at: number; configuration: Promise<Configuration> } | undefined;
  #signsOut = false;

  constructor(settings: ProviderSettings) {
    this.settings = settings;
  }

  /** Whether it can end its own session as well; false until it was asked. */
  get signsOut(): boolean {
    return this.#signsOut;
  }

  /**
   * Where to send a browser, and what to keep until it is back.
   * @throws ProviderRefusal
   */
  async begin(redirectUri: string): Promise<{ url: URL; attempt: ProviderAttempt }> {
    return named('unreachable', async () => {
      const [client, configuration] = [await load(), await this.#discover()];
      const verifier = client.randomPKCECodeVerifier();
      const attempt = { verifier, nonce: client.randomNonce(), state: client.randomState() };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: this.settings.scopes,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url, attempt };
    });
  }

  /**
   * Who it is that came back. The identity token's signature is checked although it comes straight from the
   * provider; what it leaves out is asked for at the provider's userinfo.
   * @param answer the whole address that the browser came back with
   * @throws ProviderRefusal
   */
  async finish(answer: URL, attempt: ProviderAttempt): Promise<ProviderPerson> {
    if (answer.searchParams.get('state') !== attempt.state) throw new ProviderRefusal('mixed-up');
    return named('not-trusted', async () => {
      const [client, configuration] = [await load(), await this.#discover()];
      const tokens = await client.authorizationCodeGrant(configuration, answer, {
        pkceCodeVerifier: attempt.verifier,
        expectedNonce: attempt.nonce,
        expectedState: attempt.state,
        idTokenExpected: true,
      });
      const token = tokens.claims();
      if (!token) throw new ProviderRefusal('not-trusted');
      const isTold = configuration.serverMetadata().userinfo_endpoint !== undefined;
      const more = isTold
        ? await client.fetchUserInfo(configuration, tokens.access_token, token.sub)
        : {};
      return this.#toPerson(token.iss, token.sub, { ...more, ...token });
    });
  }

  /**
   * Where the provider ends its own session, and then sends the browser back; undefined where it does not.
   * @throws ProviderRefusal
   */
  async signOutUrl(backTo: string): Promise<URL | undefined> {
    return named('unreachable', async () => {
      const [client, configuration] = [await load(), await this.#discover()];
      if (!this.#signsOut) return undefined;
      return client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: backTo });
    });
  }

  #toPerson(issuer: string, subject: string, claims: Record<string, unknown>): ProviderPerson {
    const { email, email_verified: verified, name } = claims;
    const { groupsClaim } = this.settings;
    return {
      issuer,
      subject,
      email: typeof email === 'string' && email !== '' ? email.toLowerCase() : undefined,
      // Some providers write it as text.
      emailVerified: verified === undefined ? undefined : verified === true || verified === 'true',
      name: typeof name === 'string' ? name : undefined,
      // A claim that is missing is no group: rights are rather lost than kept.
      groups:
        groupsClaim === undefined
          ? undefined
          : [claims[groupsClaim]].flat().filter((group) => typeof group === 'string'),
    };
  }

  /** A failure is not kept: the next one asks again. */
  #discover(): Promise<Configuration> {
    if (this.#found && Date.now() - this.#found.at < discoveryMs) return this.#found.configuration;
    const found = { at: Date.now(), configuration: this.#ask() };
    this.#found = found;
    found.configuration.catch(() => {
      if (this.#found === found) this.#found = undefined;
    });
    return found.configuration;
  }

  async #ask(): Promise<Configuration> {
    const client = await load();
    const { issuer, clientId, clientSecret } = this.settings;
    const server = new URL(issuer);
    const authentication =
      clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret);
    try {
      const configuration = await client.discovery(server, clientId, undefined, authentication, {
        timeout: patienceSeconds,
        // The settings allow it on loopback alone.
        execute: [
          client.enableNonRepudiationChecks,
          ...(server.protocol === 'http:' ? [client.allowInsecureRequests] : []),
        ],
      });
      this.#signsOut = configuration.serverMetadata().end_session_endpoint !== undefined;
      return configuration;
    } catch (error) {
      throw new ProviderRefusal('unreachable', { cause: error });
    }
  }
}

/** Gives whatever goes wrong a name. @param otherwise for what has none of its own */
async function named<T>(otherwise: SignInProblem, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderRefusal) throw error;
    throw new ProviderRefusal(await problemOf(error, otherwise), { cause: error });
  }
}

const unanswered = ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'];

async function problemOf(error: unknown, otherwise: SignInProblem): Promise<SignInProblem> {
  const client = await load();
  if (error instanceof client.AuthorizationResponseError)
    return error.error === 'access_denied' ? 'denied' : 'provider-error';
  if (error instanceof client.ResponseBodyError)
    return error.error === 'invalid_grant' ? 'code-refused' : 'provider-error';
  // fetch says so where nobody answers.
  if (error instanceof TypeError) return 'unreachable';
  if (error instanceof client.ClientError && unanswered.includes(error.code ?? ''))
    return 'unreachable';
  return otherwise;
}
