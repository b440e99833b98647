import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '#contract/errors.ts';
import type { SignInProblem } from '#contract/people/sign-in-problems.ts';
import {
  type Provider,
  type ProviderAttempt,
  type ProviderPerson,
  ProviderRefusal,
} from '../auth/provider.ts';
import type { SecretBox } from '../auth/secret-box.ts';
import { type CallerSettings, findCaller } from './caller.ts';
import { readAttemptCookie, writeAttemptCookie, writeSessionCookie } from './cookies.ts';
import { isOwnPath } from './own-path.ts';
import { reachedAs } from './reached-as.ts';
import { refuseOthers } from './routes.ts';

/** Who asks, for the records. */
export interface SignInTrace {
  requestId: string;
  credential: string;
  credentialOf: number | undefined;
  origin: string;
}

/** What is done with whoever comes back. */
export interface ProviderEntrance {
  /** @throws ProviderRefusal, ApiError */
  enter(person: ProviderPerson, trace: SignInTrace): Promise<{ token: string; expires: Date }>;
  /** Records that somebody was not let in. @param trace with whom the provider vouched for, where that is known */
  refuse(
    problem: SignInProblem,
    trace: Pick<SignInTrace, 'origin'> & { email: string | undefined },
  ): Promise<void>;
}

export interface ProviderRouteSettings extends CallerSettings {
  /** Undefined where none is set up. */
  provider: Provider | undefined;
  entrance: ProviderEntrance;
}

const base = '/api/oidc';
const attemptSeconds = 600;
const sealLabel = 'sign-in by provider';

/** What the sealed cookie holds. */
const keptSchema = z.object({
  verifier: z.string(),
  nonce: z.string(),
  state: z.string(),
  next: z.string(),
  expires: z.number(),
});

/**
 * The way to the provider and back: `start`, `callback`, and `sign-out`. Whatever goes wrong leads to the
 * sign-in page, which says what: docs/domain.md, "Signing in by a provider".
 */
export function addProviderRoutes(app: FastifyInstance, settings: ProviderRouteSettings): void {
  const { provider } = settings;
  const handlers = { start, callback, 'sign-out': signOut };
  for (const [name, handle] of Object.entries(handlers)) {
    const url = `${base}/${name}`;
    app.get(url, { exposeHeadRoute: false }, async (request, reply) => {
      const wanted = { next: '/' };
      try {
        const { secrets, limits } = settings;
        if (!provider || !secrets) throw new ProviderRefusal('not-set-up');
        limits.signIns.take(request.ip);
        const to = await handle({ provider, secrets, request, reply, settings, wanted });
        return reply.redirect(to, 303);
      } catch (error) {
        return reply.redirect(await explain(error, { request, settings, wanted }), 303);
      }
    });
    refuseOthers(app, url, ['GET']);
  }
}

interface Visit {
  provider: Provider;
  secrets: SecretBox;
  request: FastifyRequest;
  reply: FastifyReply;
  settings: ProviderRouteSettings;
  /** The page to open in the end, as soon as that is known. */
  wanted: { next: string };
}

async function start(visit: Visit): Promise<string> {
  const { provider, secrets, request, reply, settings, wanted } = visit;
  const next = new URLSearchParams(request.url.split('?')[1]).get('next') ?? '/';
  if (isOwnPath(next)) wanted.next = next;
  const { url, attempt } = await provider.begin(callbackUrl(request, settings));
  const kept: z.output<typeof keptSchema> = {
    ...attempt,
    ...wanted,
    expires: Date.now() + attemptSeconds * 1000,
  };
  const sealed = secrets.seal(JSON.stringify(kept), sealLabel).toString('base64url');
  writeAttemptCookie(reply, { sealed, maxAge: attemptSeconds }, settings);
  return url.href;
}

async function callback(visit: Visit): Promise<string> {
  const { provider, secrets, request, reply, settings, wanted } = visit;
  const kept = readAttempt(secrets, readAttemptCookie(request, settings));
  if (!kept) throw new ProviderRefusal('too-late');
  wanted.next = kept.next;
  const answer = new URL(callbackUrl(request, settings));
  answer.search = request.url.split('?')[1] ?? '';
  const person = await provider.finish(answer, kept).catch((error: unknown) => {
    // Another sign-in of this browser may still come back.
    const isOther = error instanceof ProviderRefusal && error.problem === 'mixed-up';
    if (!isOther) writeAttemptCookie(reply, null, settings);
    throw error;
  });
  writeAttemptCookie(reply, null, settings);
  const { caller, credential } = await findCaller(request, settings);
  const session = await settings.entrance.enter(person, {
    requestId: request.id,
    credential,
    credentialOf: caller.kind === 'user' ? caller.userId : undefined,
    origin: request.ip,
  });
  writeSessionCookie(reply, session, settings);
  return signInPage(settings, { entered: '' }, wanted);
}

/** Ends the provider's own session: Slipway's has ended before. */
async function signOut({ provider, request, settings }: Visit): Promise<string> {
  const backTo = `${originOf(request, settings)}${settings.basePath}/sign-in`;
  return (await provider.signOutUrl(backTo))?.href ?? backTo;
}

/** What a browser brought back; undefined for what is too old, or was not sealed here. */
function readAttempt(
  secrets: SecretBox,
  sealed: string | undefined,
): (ProviderAttempt & { next: string }) | undefined {
  if (sealed === undefined) return undefined;
  try {
    const opened = secrets.open(Buffer.from(sealed, 'base64url'), sealLabel);
    const kept = keptSchema.parse(JSON.parse(opened));
    return kept.expires > Date.now() ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** The address of the sign-in page that says what went wrong. */
async function explain(
  error: unknown,
  {
    request,
    settings: { entrance, basePath },
    wanted,
  }: Pick<Visit, 'request' | 'settings' | 'wanted'>,
): Promise<string> {
  const problem = problemOf(error);
  const email = error instanceof ProviderRefusal ? error.email : undefined;
  if (problem !== 'not-set-up') request.log.warn({ err: error, problem }, 'not signed in');
  if (problem !== 'too-many' && problem !== 'busy')
    await entrance.refuse(problem, { origin: request.ip, email }).catch((lost: unknown) => {
      request.log.warn({ err: lost }, 'a failed sign-in could not be recorded');
    });
  return signInPage({ basePath }, { problem }, wanted);
}

/** It says what went wrong; or tells other tabs of the browser who is signed in now, and goes on. */
function signInPage(
  { basePath }: Pick<ProviderRouteSettings, 'basePath'>,
  said: Record<string, string>,
  { next }: Visit['wanted'],
): string {
  const search = new URLSearchParams({ ...said, ...(next !== '/' && { next }) });
  return `${basePath}/sign-in?${search.toString()}`;
}

function problemOf(error: unknown): SignInProblem {
  if (error instanceof ProviderRefusal) return error.problem;
  return error instanceof ApiError && error.code === 'LimitExceeded' ? 'too-many' : 'busy';
}

/** What the provider must know: docs/operations.md, "OpenID Connect". */
function callbackUrl(request: FastifyRequest, settings: ProviderRouteSettings): string {
  return `${originOf(request, settings)}${settings.basePath}${base}/callback`;
}

function originOf(request: FastifyRequest, settings: ProviderRouteSettings): string {
  if (settings.publicUrl !== undefined) return new URL(settings.publicUrl).origin;
  const { protocol, host } = reachedAs(request, settings.trustProxy);
  return `${protocol}://${host}`;
}
