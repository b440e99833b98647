import { CloudError } from '../cloud/call.ts';
import { DeliveryError } from '../contact/delivery.ts';
import { type MailerSettings, sendMail } from '../contact/mailer.ts';
import { tellWebhook, type WebhookSettings } from '../contact/webhook.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  type Channel,
  findQueuedMessage,
  mailKind,
  webhookKind,
} from '../database/queries/farms/owner-messages.ts';
import { type QueuedMessage, settleMessage, toQueued } from '../services/farms/owner-messages.ts';
import { type Effect, recorded, toJobKind } from './effects.ts';
import { linkMails } from './link-mails.ts';
import { invitations } from './invitations.ts';
import { type OutboxLoopOptions, startOutboxLoop } from './outbox-loop.ts';

export interface ContactSettings {
  smtp: MailerSettings | undefined;
  webhook: WebhookSettings | undefined;
  /** Webhooks of people may be at addresses of private networks. */
  allowsPrivateWebhooks?: boolean;
}

/** What has not gone out after so long has failed: the farms may look different by then. */
const longestTryMs = 24 * 3_600_000;
const webhookPatienceMs = 10_000;

/**
 * Sends messages to owners on the ways that are set up: docs/domain.md, "Contacting owners"; and by mail invitations
 * and sign-in links.
 */
export function startOwnerMessages(
  db: Db,
  { smtp, webhook }: ContactSettings,
  options?: OutboxLoopOptions,
): { stop(): Promise<void> } {
  const kinds = [
    ...(smtp
      ? [toJobKind(mails(smtp)), toJobKind(linkMails(smtp)), toJobKind(invitations(db, smtp))]
      : []),
    ...(webhook ? [toJobKind(webhooks(webhook))] : []),
  ];
  // Mail servers take their time, and few connections of one client.
  const usual = { deadlineMs: 40_000, leaseMs: 90_000, perLane: 5 };
  return startOutboxLoop(db, kinds, { ...usual, ...options });
}

function mails(settings: MailerSettings): Effect<QueuedMessage> {
  return delivery(mailKind, 'mail', (message, token) =>
    sendMail(settings, {
      to: { name: message.owner_name, address: message.email },
      subject: message.subject,
      text: message.body,
      token,
    }),
  );
}

function webhooks(settings: WebhookSettings): Effect<QueuedMessage> {
  return delivery(webhookKind, 'webhook', (message, token, signal) =>
    tellWebhook(
      settings,
      { id: token, type: 'owner.contacted', ...(message.event as object) },
      AbortSignal.any([signal, AbortSignal.timeout(webhookPatienceMs)]),
    ),
  );
}

function delivery(
  kind: string,
  channel: Channel,
  deliver: (message: QueuedMessage, token: string, signal: AbortSignal) => Promise<void>,
): Effect<QueuedMessage> {
  return {
    kind,
    find: async (db, payload) => {
      const { messageId } = payload as { messageId: string };
      const message = await findQueuedMessage(db, messageId, channel);
      return message && toQueued(message);
    },
    ask: async (message, { token, signal }) => {
      try {
        await deliver(message, token, signal);
      } catch (error) {
        throw toCloudError(error, message);
      }
      return (ctx, jobId) => settleMessage(ctx, jobId, { message, channel });
    },
    fail: (ctx, jobId, message, words) => settleMessage(ctx, jobId, { message, channel, words }),
    // By the name of the operation that it completes, so that pages read the same anew.
    commit: recorded('system:owner-messages', 'ownerContactSend'),
  };
}

/** The form in which whoever carries out jobs hears what went wrong. */
function toCloudError(error: unknown, { at }: QueuedMessage): unknown {
  if (!(error instanceof DeliveryError)) return error;
  const isYoung = Date.now() - at.getTime() < longestTryMs;
  return new CloudError(error.message, { willPass: error.willPass && isYoung });
}
