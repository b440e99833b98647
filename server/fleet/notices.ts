import { CloudError } from '../cloud/call.ts';
import type { SecretOpener } from '../cloud/clouds.ts';
import { DeliveryError } from '../contact/delivery.ts';
import { type MailerSettings, sendMail } from '../contact/mailer.ts';
import { tellWebhook } from '../contact/webhook.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  findNotice,
  noteHappened,
  noticeMailKind,
  type NoticeRow,
  noticeWebhookKind,
  settleNotice,
} from '../database/queries/people/notices.ts';
import { settleJob } from '../database/queries/records/outbox.ts';
import { toNoticeEvent, toNoticeMail } from '../services/people/notices.ts';
import { subscriptionLabel } from '../services/people/subscriptions.ts';
import { type Effect, toJobKind } from './effects.ts';
import { type OutboxLoopOptions, startOutboxLoop } from './outbox-loop.ts';
import { startPasses } from './passes.ts';

export interface NoticeSettings {
  smtp: MailerSettings | undefined;
  /** Webhooks may be at loopback, private and link-local addresses. */
  allowsPrivate: boolean;
  /** Opens what requests are signed with. */
  secrets: SecretOpener | undefined;
}

/** What has not gone out after so long is news no more. */
const longestTryMs = 24 * 3_600_000;
const webhookPatienceMs = 10_000;

/** Notices what people want to be told of, and tells them: docs/domain.md, "Being told". */
export function startNotices(
  db: Db,
  settings: NoticeSettings,
  options: OutboxLoopOptions & { everyMs?: number } = {},
): { stop(): Promise<void> } {
  const { everyMs = 2_000, onError, onRun, ...rest } = options;
  const passes = startPasses(async () => void (await noteHappened(db)), {
    everyMs,
    ...(onError && { onError }),
    ...(onRun && { onRun }),
  });
  const { smtp } = settings;
  const kinds = [...(smtp ? [toJobKind(mails(smtp))] : []), toJobKind(webhooks(settings))];
  const usual = { deadlineMs: 40_000, leaseMs: 90_000, perLane: 2 };
  const sending = startOutboxLoop(db, kinds, { ...usual, ...rest, ...(onError && { onError }) });
  return {
    stop: async () => {
      await Promise.all([passes.stop(), sending.stop()]);
    },
  };
}

function mails(settings: MailerSettings): Effect<NoticeRow, Db> {
  return delivery(noticeMailKind, (notice) => {
    const to = { name: notice.user_name, address: notice.email };
    // The same for every attempt, so that mail programs show it once.
    return sendMail(settings, { to, ...toNoticeMail(notice), token: notice.id });
  });
}

function webhooks({ secrets, allowsPrivate }: NoticeSettings): Effect<NoticeRow, Db> {
  return delivery(noticeWebhookKind, async (notice, signal) => {
    const { url, sealed_secret: sealed } = notice;
    if (url === null || sealed === null || !secrets)
      throw new DeliveryError('The key for secrets is not there.', { willPass: false });
    const secret = secrets.open(sealed, subscriptionLabel(notice.subscription_id));
    const patience = AbortSignal.any([signal, AbortSignal.timeout(webhookPatienceMs)]);
    await tellWebhook({ url, secret, allowsPrivate }, toNoticeEvent(notice), patience);
  });
}

function delivery(
  kind: string,
  deliver: (notice: NoticeRow, signal: AbortSignal) => Promise<void>,
): Effect<NoticeRow, Db> {
  return {
    kind,
    find: (db, payload) => findNotice(db, (payload as { noticeId: string }).noticeId),
    ask: async (notice, { signal }) => {
      try {
        await deliver(notice, signal);
      } catch (error) {
        throw toCloudError(error, notice);
      }
      return async (tx, jobId) => {
        if (await settleJob(tx, jobId, new Date())) await settleNotice(tx, notice.id);
      };
    },
    fail: async (tx, jobId, notice, words) => {
      if (await settleJob(tx, jobId, new Date(), words)) await settleNotice(tx, notice.id, words);
    },
    commit: (db, _notice, service) => db.transaction().execute(service),
  };
}

/** The form in which whoever carries out jobs hears what went wrong. */
function toCloudError(error: unknown, { at }: NoticeRow): unknown {
  if (!(error instanceof DeliveryError)) return error;
  const isYoung = Date.now() - at.getTime() < longestTryMs;
  return new CloudError(error.message, { willPass: error.willPass && isYoung });
}
