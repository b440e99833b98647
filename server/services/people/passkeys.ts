import { ApiError } from '#contract/errors.ts';
import { creationFor, newChallenge, requestFor } from '../../auth/passkeys.ts';
import { hashToken } from '../../auth/sessions.ts';
import {
  deletePasskeys,
  fetchKnownPasskeys,
  fetchPasskeys,
  fetchWays,
  insertChallenge,
  insertPasskey,
  type PasskeyRow,
  renamePasskey,
  setSecondStep,
} from '../../database/queries/people/passkeys.ts';
import { fetchSession } from '../../database/queries/people/sessions.ts';
import { fetchUsers } from '../../database/queries/people/user-rows.ts';
import { findPasskeyRemovalRefusal, findSecondStepRefusal } from '../../domain/people/passkeys.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { refuseIf } from '../refuse.ts';
import { demandSite, enterWith } from './passkey-proofs.ts';
import { toPasskey, toRecordedPasskey } from './present-keys.ts';
import { toRecordedUser } from './present-people.ts';
import { beginSession, inBrowser } from './sessions.ts';

const mostPasskeys = 20;

/** Signing in with what an authenticator keeps: docs/domain.md, "Passkeys". */
export const passkeyHandlers = {
  passkeyList: async (ctx) => ({
    data: (await fetchPasskeys(ctx.tx, ownerOf(ctx))).map(toPasskey),
  }),

  passkeyBegin: async (ctx) => {
    const userId = ownerOf(ctx);
    // Nothing of it is there yet, so no version is the current one.
    ctx.expectVersion(0);
    const site = demandSite(ctx);
    await demandFew(ctx, userId);
    const known = await fetchKnownPasskeys(ctx.tx, userId, site.host);
    const [user] = await fetchUsers(ctx.tx, [userId]);
    if (!user) throw new Error(`User ${userId} vanished`);
    const challenge = newChallenge();
    await insertChallenge(ctx.tx, hashToken(challenge), 'add', userId);
    return { data: creationFor(site, challenge, { ...user, ...known }) };
  },

  passkeyCreate: async (ctx, { body }) => {
    const userId = ownerOf(ctx);
    const { newPasskey } = ctx.prepared;
    // It was asked for when the sign-in was just fresh enough.
    if (!newPasskey) throw new ApiError('UnacceptableState', 'This took too long. Begin again.');
    await demandFew(ctx, userId);
    const row = await insertPasskey(ctx.tx, { ...newPasskey, userId, name: body.name });
    if (!row)
      throw new ApiError('UnicityViolation', 'This passkey is known already. Make another one.');
    ctx.record({ kind: 'passkey', after: toRecordedPasskey(row) });
    return { data: toPasskey(row) };
  },

  passkeyUpdate: async (ctx, { params, body }) => {
    const before = await getPasskey(ctx, params.passkeyId);
    ctx.expectVersion(before.version);
    if (body.name === before.name) return { data: toPasskey(before) };
    const after = await renamePasskey(ctx.tx, before.id, body.name);
    const [was, is] = [toRecordedPasskey(before), toRecordedPasskey(after)];
    ctx.record({ kind: 'passkey', before: was, after: is });
    return { data: toPasskey(after) };
  },

  passkeyDelete: async (ctx, { params }) => {
    const passkey = await getPasskey(ctx, params.passkeyId);
    ctx.expectVersion(passkey.version);
    refuseIf(findPasskeyRemovalRefusal(await fetchOtherWays(ctx, passkey)));
    await deletePasskeys(ctx.tx, passkey.user_id, passkey.id);
    ctx.record({ kind: 'passkey', before: toRecordedPasskey(passkey) });
    return { data: null };
  },

  secondStepGet: async (ctx) => ({ data: await readSecondStep(ctx, ownerOf(ctx)) }),

  secondStepSet: async (ctx, { body: { on } }) => {
    const userId = ownerOf(ctx);
    const [before] = await fetchUsers(ctx.tx, [userId]);
    if (!before) throw new Error(`User ${userId} vanished`);
    if (on !== before.second_step) {
      if (on) refuseIf(findSecondStepRefusal((await fetchPasskeys(ctx.tx, userId)).length));
      await setSecondStep(ctx.tx, userId, on);
      const after = { ...before, second_step: on };
      ctx.record({ kind: 'user', before: toRecordedUser(before), after: toRecordedUser(after) });
    }
    return { data: await readSecondStep(ctx, userId) };
  },

  passkeySignInBegin: async (ctx) => {
    const site = demandSite(ctx);
    const challenge = newChallenge();
    await insertChallenge(ctx.tx, hashToken(challenge), 'sign-in', undefined);
    return { data: requestFor(site, challenge, 'required') };
  },

  sessionCreateByPasskey: async (ctx) => {
    const { passkey } = ctx.prepared;
    if (!passkey) throw new Error('A passkey was not checked');
    await enterWith(ctx, passkey);
    const session = await beginSession(ctx, passkey.userId, 'passkey');
    return { data: await fetchSession(ctx.tx, passkey.userId), session };
  },
} satisfies SomeHandlers;

async function readSecondStep(ctx: Context, userId: number) {
  const { isChosen } = await fetchWays(ctx.tx, userId);
  return { on: isChosen, demanded: ctx.ways.passkeyDemanded };
}

/** What its user could sign in with if a passkey were gone. */
async function fetchOtherWays(ctx: Context, passkey: PasskeyRow) {
  const { user_id: userId, id } = passkey;
  const passkeys = await fetchPasskeys(ctx.tx, userId);
  const ways = await fetchWays(ctx.tx, userId);
  return {
    passkeys: passkeys.filter((other) => other.id !== id).length,
    isChosen: ways.isChosen,
    isDemanded: ctx.ways.passkeyDemanded,
    hasPassword: ways.hasPassword && ctx.ways.password,
    hasProvider: ways.hasProvider && ctx.ways.provider !== null,
    hasMail: ctx.channels.mail,
  };
}

/** @throws ApiError UnacceptableState */
async function demandFew(ctx: Context, userId: number): Promise<void> {
  if ((await fetchPasskeys(ctx.tx, userId)).length < mostPasskeys) return;
  throw new ApiError(
    'UnacceptableState',
    `You have ${mostPasskeys} passkeys already. Remove one that is not used any more.`,
  );
}

/** @throws ApiError ObjectNotFound */
async function getPasskey(ctx: Context, id: number): Promise<PasskeyRow> {
  const passkeys = await fetchPasskeys(ctx.tx, ownerOf(ctx));
  const passkey = passkeys.find((each) => each.id === id);
  if (passkey) return passkey;
  throw new ApiError('ObjectNotFound', `You have no passkey with the id ${id}.`);
}

/** A program that holds a key cannot make itself a way into the browser. */
function ownerOf(ctx: Context): number {
  return inBrowser(ctx, 'Passkeys');
}
