import { ApiError } from '#contract/errors.ts';
import type { PasswordState } from '#contract/people/sign-in.ts';
import {
  findPassword,
  isFreshSession,
  upsertPassword,
} from '../../database/queries/people/passwords.ts';
import { fetchSession } from '../../database/queries/people/sessions.ts';
import { endSessions } from '../../database/queries/people/user-rows.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { enterWith } from './passkey-proofs.ts';
import { wrongPassword } from './preparations.ts';
import { toRecordedUser } from './present-people.ts';
import { beginSession } from './sessions.ts';

/** So long a sign-in by a link or a provider stands for the present password. */
const freshMinutes = 15;

/** Signing in with a password, and changing it: docs/domain.md, "Passwords". */
export const passwordHandlers = {
  sessionCreateByPassword: async (ctx) => {
    const { rightly, passkey } = ctx.prepared;
    const user = rightly && (await findPassword(ctx.tx, rightly));
    // It may have been changed, or its user suspended, since it was compared.
    if (!user || user.hash !== rightly.hash || user.status !== 'active') throw wrongPassword();
    if (passkey) await enterWith(ctx, passkey);
    const way = passkey ? 'two-steps' : 'password';
    const session = await beginSession(ctx, user.user_id, way);
    return { data: await fetchSession(ctx.tx, user.user_id), session };
  },

  passwordGet: async (ctx) => ({ data: await readState(ctx, ownerOf(ctx)) }),

  passwordSet: async (ctx, { body }) => {
    const userId = ownerOf(ctx);
    const { hash, rightly, isWrong } = ctx.prepared;
    const { takes } = await readState(ctx, userId);
    if (takes === 'sign-in') throw staleSession();
    const before = await findPassword(ctx.tx, { userId });
    if (takes === 'present' && (!rightly || rightly.hash !== before?.hash))
      throw wrongPresent(body.present === undefined);
    if (isWrong === true) throw wrongPresent(false);
    if (!before || hash === undefined) throw new Error('A password was not hashed');
    await upsertPassword(ctx.tx, userId, hash);
    await endSessions(ctx.tx, userId, hashStartOf(ctx));
    const user = toRecordedUser({ ...before, id: userId });
    ctx.record({ kind: 'user', before: user, after: user });
    return { data: await readState(ctx, userId) };
  },
} satisfies SomeHandlers;

async function readState(ctx: Context, userId: number): Promise<PasswordState> {
  const found = await findPassword(ctx.tx, { userId });
  const isSet = typeof found?.hash === 'string';
  const hashStart = hashStartOf(ctx);
  const isFresh = await isFreshSession(ctx.tx, { userId, hashStart, minutes: freshMinutes });
  return {
    isSet,
    changed: found?.set_at?.toISOString() ?? null,
    takes: isFresh ? 'nothing' : isSet ? 'present' : 'sign-in',
  };
}

function hashStartOf({ credential }: Context): string {
  return credential.replace('session:', '');
}

/** A program that holds a key cannot make itself a way into the browser. */
function ownerOf(ctx: Context): number {
  if (ctx.principal.kind === 'user' && ctx.credential.startsWith('session:'))
    return ctx.principal.id;
  throw new ApiError(
    'PermissionViolation',
    'Passwords are set in the browser by whom they belong to; not with an API key.',
  );
}

function wrongPresent(isMissing: boolean): ApiError {
  return new ApiError(
    'InvalidValue',
    isMissing
      ? 'Your present password is needed as well. If you do not know it, sign in by a link first.'
      : 'The present password is wrong. If you do not know it, sign in by a link first.',
    { field: 'present' },
  );
}

function staleSession(): ApiError {
  return new ApiError(
    'UnacceptableState',
    `You have no password yet. To set the first one, sign in by a link or a provider and set it within ${freshMinutes} minutes.`,
  );
}
