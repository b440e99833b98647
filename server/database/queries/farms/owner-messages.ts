import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { placeColumns } from '../records/operations-log.ts';
import { queueJob } from '../records/outbox.ts';

/** Jobs of the outbox that send one message by mail, and tell a webhook of one. */
export const mailKind = 'owner-message';
export const webhookKind = 'owner-webhook';

/** The two ways that a message can go: columns of `owner_messages`. */
export type Channel = 'mail' | 'webhook';

export interface OwnerMessageRow {
  id: string;
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  at: Date;
  sent_by: string;
  owner_id: number;
  owner_name: string;
  email: string;
  subject: string;
  body: string;
  event: unknown;
  mail: 'queued' | 'sent' | 'failed' | null;
  mail_words: string | null;
  webhook: 'queued' | 'sent' | 'failed' | null;
  webhook_words: string | null;
}

type NewMessage = Pick<
  OwnerMessageRow,
  'at' | 'sent_by' | 'owner_id' | 'owner_name' | 'email' | 'subject' | 'body'
> & { event: object };

/** Keeps messages, and asks for each to be sent on each way that there is. @returns them as they are kept */
export async function queueOwnerMessages(
  tx: Db,
  scope: ScopeRef,
  channels: Readonly<Record<Channel, boolean>>,
  messages: readonly NewMessage[],
): Promise<OwnerMessageRow[]> {
  const rows = await tx
    .insertInto('owner_messages')
    .values(
      messages.map(({ event, ...message }) => ({
        ...placeColumns(scope),
        ...message,
        event: JSON.stringify(event),
        mail: channels.mail ? ('queued' as const) : null,
        webhook: channels.webhook ? ('queued' as const) : null,
      })),
    )
    .returningAll()
    .execute();
  for (const { id, at } of rows) {
    const job = { payload: { messageId: id }, subject: id, at };
    if (channels.mail) await queueJob(tx, { ...job, kind: mailKind, lane: sql`'mail'` });
    if (channels.webhook) await queueJob(tx, { ...job, kind: webhookKind, lane: sql`'webhook'` });
  }
  return rows;
}

/** A message that is still to go on this way. */
export async function findQueuedMessage(
  db: Db,
  id: string,
  channel: Channel,
): Promise<OwnerMessageRow | undefined> {
  return db
    .selectFrom('owner_messages')
    .selectAll()
    .where('id', '=', id)
    .where(channel, '=', 'queued')
    .executeTakeFirst();
}

/** Writes down how a message went on a way. @returns it as it is then */
export async function settleOwnerMessage(
  tx: Db,
  id: string,
  channel: Channel,
  outcome: { state: 'sent' | 'failed'; words: string | null },
): Promise<OwnerMessageRow> {
  const set =
    channel === 'mail'
      ? { mail: outcome.state, mail_words: outcome.words }
      : { webhook: outcome.state, webhook_words: outcome.words };
  return tx
    .updateTable('owner_messages')
    .set(set)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
