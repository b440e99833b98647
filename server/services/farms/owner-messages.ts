import type { ScopeRef } from '#contract/scope.ts';
import {
  type Channel,
  type OwnerMessageRow,
  settleOwnerMessage,
} from '../../database/queries/farms/owner-messages.ts';
import { settleJob } from '../../database/queries/records/outbox.ts';
import type { Context } from '../context.ts';
import type { Recorded } from '../log-entry.ts';

/** A message on its way, and the scope that it was sent from. */
export type QueuedMessage = Omit<OwnerMessageRow, 'scope'> & { scope: ScopeRef };

export function toQueued(row: OwnerMessageRow): QueuedMessage {
  const { account_id: accountId, environment_id: environmentId } = row;
  if (accountId === null) return { ...row, scope: { scope: 'scalr' } };
  if (environmentId === null) return { ...row, scope: { scope: 'account', accountId } };
  return { ...row, scope: { scope: 'environment', accountId, environmentId } };
}

/** What the operations log keeps of a message. */
export function toOwnerMessage(row: OwnerMessageRow): Recorded<'ownerMessage'> {
  return {
    id: row.id,
    owner: { id: row.owner_id, name: row.owner_name, email: row.email },
    subject: row.subject,
    body: row.body,
    mail: row.mail,
    webhook: row.webhook,
    words: row.mail_words ?? row.webhook_words,
  };
}

/**
 * Writes down how a message went on one way, and settles its job.
 * @param words why it failed; left out when it was sent
 */
export async function settleMessage(
  ctx: Context,
  jobId: string,
  { message, channel, words }: { message: QueuedMessage; channel: Channel; words?: string },
): Promise<void> {
  // Of two processes that had the job, one writes its end down.
  if (!(await settleJob(ctx.tx, jobId, ctx.now, words))) return;
  const state = words === undefined ? 'sent' : 'failed';
  const before = { ...message, scope: message.scope.scope };
  const after = await settleOwnerMessage(ctx.tx, message.id, channel, {
    state,
    words: words ?? null,
  });
  ctx.record({
    kind: 'ownerMessage',
    before: toOwnerMessage(before),
    after: toOwnerMessage(after),
  });
}
