import { type RawBuilder, sql } from 'kysely';
import type { SubscriptionEvent } from '#contract/people/subscriptions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { ScopedRow } from '../../../domain/scopes.ts';
import type { Db } from '../../connection/connection.ts';
import { placeColumns } from '../records/operations-log.ts';

/** A subscription with the names of what it is about, and what came of what was told last. */
export interface SubscriptionRow extends ScopedRow {
  id: number;
  user_id: number;
  events: SubscriptionEvent[];
  channel: 'mail' | 'webhook';
  url: string | null;
  active: boolean;
  created_at: Date;
  version: number;
  account_name: string | null;
  environment_name: string | null;
  last_told: Date | null;
  last_error: string | null;
}

async function fetchWhere(tx: Db, condition: RawBuilder<unknown>): Promise<SubscriptionRow[]> {
  const { rows } = await sql<SubscriptionRow>`
    SELECT s.id, s.user_id, s.events, s.channel, s.url, s.active, s.created_at, s.version, s.scope, s.account_id,
      s.environment_id, a.name AS account_name, e.name AS environment_name, last.done_at AS last_told,
      last.error AS last_error
    FROM subscriptions s
    LEFT JOIN accounts a ON a.id = s.account_id LEFT JOIN environments e ON e.id = s.environment_id
    LEFT JOIN LATERAL (SELECT n.done_at, n.error FROM notices n
      WHERE n.subscription_id = s.id AND n.state <> 'queued' ORDER BY n.done_at DESC LIMIT 1) last ON true
    WHERE ${condition} ORDER BY s.id`.execute(tx);
  return rows;
}

/** The subscriptions of a user, oldest first. */
export function fetchSubscriptions(tx: Db, userId: number): Promise<SubscriptionRow[]> {
  return fetchWhere(tx, sql`s.user_id = ${userId}`);
}

/** The subscription that a link in a mail ends. */
export async function findByEndToken(tx: Db, token: string): Promise<SubscriptionRow | undefined> {
  return (await fetchWhere(tx, sql`s.end_token = ${token}::uuid`))[0];
}

/** @returns its number */
export async function insertSubscription(
  tx: Db,
  wish: {
    userId: number;
    at: ScopeRef;
    events: readonly string[];
    channel: 'mail' | 'webhook';
    url: string | undefined;
    address: string;
    /** Seals what a webhook's requests are signed with, for the subscription's number. */
    seal: ((id: number) => Buffer) | undefined;
  },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    SELECT nextval(pg_get_serial_sequence('subscriptions', 'id'))::integer AS id`.execute(tx);
  const id = rows[0]?.id ?? 0;
  await tx
    .insertInto('subscriptions')
    .values({
      id,
      user_id: wish.userId,
      events: [...wish.events],
      channel: wish.channel,
      url: wish.url ?? null,
      sealed_secret: wish.seal?.(id) ?? null,
      address: wish.address,
      ...placeColumns(wish.at),
    })
    .execute();
  return id;
}

/** Changes what is told; nothing that happened before is told because of it. */
export async function updateSubscription(
  tx: Db,
  id: number,
  changes: { events: readonly string[]; active: boolean },
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({
      events: [...changes.events],
      active: changes.active,
      since: sql`clock_timestamp()`,
      version: sql`version + 1`,
    })
    .where('id', '=', id)
    .execute();
}

export async function deleteSubscription(tx: Db, id: number): Promise<void> {
  await tx.deleteFrom('subscriptions').where('id', '=', id).execute();
}
