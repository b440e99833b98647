import { ApiError } from '#contract/errors.ts';
import type { NewSubscription, Subscription } from '#contract/people/subscriptions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { findAccountOf } from '../../auth/grants.ts';
import { newToken } from '../../auth/sessions.ts';
import { checkLiteralHost, PrivateAddressError } from '../../contact/private-addresses.ts';
import { findAccount } from '../../database/queries/organisation/accounts.ts';
import {
  deleteSubscription,
  fetchSubscriptions,
  findByEndToken,
  insertSubscription,
  type SubscriptionRow,
  updateSubscription,
} from '../../database/queries/people/subscriptions.ts';
import { scopeOf } from '../../domain/scopes.ts';
import type { Context, SomeHandlers } from '../context.ts';
import type { Recorded } from '../log-entry.ts';
import { toPlace } from '../present.ts';

const mostSubscriptions = 50;
const allowedBy = 'WEBHOOK_ALLOW_PRIVATE';

/** What the secret of a subscription's webhook is sealed under. */
export const subscriptionLabel = (id: number) => `subscription ${id}`;

/** What people want to be told of: docs/domain.md, "Being told". */
export const subscriptionHandlers = {
  subscriptionList: async (ctx) => ({
    data: (await fetchOwn(ctx)).map(toSubscription),
  }),

  subscriptionCreate: async (ctx, { body }) => {
    const userId = userOf(ctx);
    if ((await fetchSubscriptions(ctx.tx, userId)).length >= mostSubscriptions)
      throw new ApiError(
        'UnacceptableState',
        `You have ${mostSubscriptions} of these already. Remove one that you do not need.`,
      );
    const { channel, events, url } = checkChannel(ctx, body);
    const at = await getScope(ctx, body);
    const secret = channel === 'webhook' ? newToken() : undefined;
    const { address } = ctx.channels;
    const seal = secret === undefined ? undefined : sealer(ctx, secret);
    const id = await insertSubscription(ctx.tx, {
      userId,
      at,
      events,
      channel,
      // As the log has its host.
      url: url === undefined ? url : new URL(url).href,
      address,
      seal,
    });
    const row = await getOwn(ctx, id);
    ctx.record({ kind: 'subscription', after: toRecorded(row) });
    return { data: { ...toSubscription(row), signingSecret: secret ?? null } };
  },

  subscriptionUpdate: async (ctx, { params, body }) => {
    const before = await getOwn(ctx, params.subscriptionId);
    ctx.expectVersion(before.version);
    const { events = before.events, active = before.active } = body;
    const isSame = active === before.active && events.join() === before.events.join();
    if (isSame) return { data: toSubscription(before) };
    await updateSubscription(ctx.tx, before.id, { events, active });
    const after = await getOwn(ctx, before.id);
    ctx.record({ kind: 'subscription', before: toRecorded(before), after: toRecorded(after) });
    return { data: toSubscription(after) };
  },

  subscriptionDelete: async (ctx, { params }) => {
    const before = await getOwn(ctx, params.subscriptionId);
    ctx.expectVersion(before.version);
    await deleteSubscription(ctx.tx, before.id);
    ctx.record({ kind: 'subscription', before: toRecorded(before) });
    return { data: null };
  },

  subscriptionEnd: async (ctx, { body }) => {
    const row = await findByEndToken(ctx.tx, body.token);
    // Whoever follows the link twice has what they want; others learn nothing.
    if (!row?.active) return { data: null };
    await updateSubscription(ctx.tx, row.id, { events: row.events, active: false });
    const after = (await fetchSubscriptions(ctx.tx, row.user_id)).find(({ id }) => id === row.id);
    if (!after) throw new Error(`Subscription ${row.id} vanished`);
    const reason = 'By the link in a mail.';
    ctx.record({
      kind: 'subscription',
      before: toRecorded(row),
      after: toRecorded(after),
      reason,
    });
    return { data: null };
  },
} satisfies SomeHandlers;

function userOf({ principal }: Context): number {
  if (principal.kind === 'user') return principal.id;
  throw new ApiError('BadAuthentication', 'Sign in first: there is no session.');
}

/** @throws ApiError InvalidValue, UnacceptableState */
function checkChannel(ctx: Context, wish: NewSubscription): NewSubscription {
  const { channel, url } = wish;
  if (channel === 'mail') {
    if (url !== undefined)
      throw new ApiError('InvalidValue', 'A mail goes to your own address: leave this out.', {
        field: 'url',
      });
    if (!ctx.channels.mail)
      throw new ApiError(
        'UnacceptableState',
        'Slipway sends no mail here. Whoever runs it has to set up a mail server first.',
      );
    return wish;
  }
  if (url === undefined)
    throw new ApiError('InvalidValue', 'A webhook needs an address.', { field: 'url' });
  if (ctx.channels.privateWebhooks === true) return wish;
  try {
    checkLiteralHost(new URL(url).hostname, allowedBy);
  } catch (error) {
    if (!(error instanceof PrivateAddressError)) throw error;
    throw new ApiError('InvalidValue', error.message, { field: 'url' });
  }
  return wish;
}

/** @throws ApiError UnacceptableState without a key for secrets */
function sealer({ secrets }: Context, secret: string): (id: number) => Buffer {
  if (secrets) return (id) => secrets.seal(secret, subscriptionLabel(id));
  throw new ApiError(
    'UnacceptableState',
    'Webhooks need a key for their secrets: whoever runs Slipway must set SECRETS_KEY or SECRETS_KEY_FILE and restart it.',
  );
}

/** What it is about: what somebody may look at. @throws ApiError InvalidValue, ObjectNotFound */
async function getScope(
  ctx: Context,
  { accountId, envId }: Pick<NewSubscription, 'accountId' | 'envId'>,
): Promise<ScopeRef> {
  if (accountId !== undefined && envId !== undefined)
    throw new ApiError('InvalidValue', 'Name an account or an environment, not both.', {
      field: 'envId',
    });
  if (accountId !== undefined) {
    const at = { scope: 'account', accountId } as const;
    const isThere = (await findAccount(ctx.tx, accountId)) !== undefined;
    return demandSeen(ctx, isThere ? at : undefined, 'account', 'accountId');
  }
  if (envId === undefined) {
    if (ctx.can('view', { scope: 'scalr' })) return { scope: 'scalr' };
    throw new ApiError(
      'InvalidValue',
      'You do not see all of Corporate: name an account or an environment.',
      { field: 'accountId' },
    );
  }
  const account = await findAccountOf(ctx.tx, envId);
  const at =
    account === undefined
      ? undefined
      : ({ scope: 'environment', accountId: account, environmentId: envId } as const);
  return demandSeen(ctx, at, 'environment', 'envId');
}

function demandSeen(ctx: Context, at: ScopeRef | undefined, what: string, field: string): ScopeRef {
  if (at && ctx.can('view', at)) return at;
  throw new ApiError('ObjectNotFound', `There is no such ${what}, or you may not see it.`, {
    field,
  });
}

/** Somebody's own; for a key that is narrowed, those about what it reaches. */
async function fetchOwn(ctx: Context): Promise<SubscriptionRow[]> {
  const rows = await fetchSubscriptions(ctx.tx, userOf(ctx));
  const isNarrowed = ctx.principal.kind === 'user' && ctx.principal.narrowing !== undefined;
  return isNarrowed ? rows.filter((row) => ctx.can('view', scopeOf(row))) : rows;
}

/** @throws ApiError ObjectNotFound */
async function getOwn(ctx: Context, id: number): Promise<SubscriptionRow> {
  const rows = await fetchOwn(ctx);
  const row = rows.find((one) => one.id === id);
  if (row) return row;
  throw new ApiError('ObjectNotFound', `You have no subscription with the id ${id}.`);
}

function toSubscription(row: SubscriptionRow): Subscription {
  return {
    ...toPlace(row),
    id: row.id,
    events: row.events,
    channel: row.channel,
    url: row.url,
    active: row.active,
    created: row.created_at.toISOString(),
    lastTold: row.last_told?.toISOString() ?? null,
    lastError: row.last_error,
    version: row.version,
  };
}

/** As the log keeps it: the address of a webhook may be a secret, its host is none. */
function toRecorded(row: SubscriptionRow): Recorded<'subscription'> {
  const { url, lastTold: _, lastError: __, ...subscription } = toSubscription(row);
  const host = url === null ? null : (URL.parse(url)?.host ?? null);
  return { ...subscription, host, user: { id: row.user_id } };
}
