import { CloudError } from '../cloud/call.ts';
import { DeliveryError } from '../contact/delivery.ts';
import { type MailerSettings, sendMail } from '../contact/mailer.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  isLinkWanted,
  type LinkMailJob,
  linkMailKind,
} from '../database/queries/people/link-mails.ts';
import { settleJob } from '../database/queries/records/outbox.ts';
import { makeLinkMail } from '../services/people/sign-in.ts';
import type { Effect } from './effects.ts';

interface Task extends LinkMailJob {
  db: Db;
}

/** Mails sign-in links to those who asked for one: docs/domain.md, "Signing in". */
export function linkMails(settings: MailerSettings): Effect<Task, Db> {
  return {
    kind: linkMailKind,
    find: async (db, payload) => {
      const job = payload as LinkMailJob;
      return (await isLinkWanted(db, job.email)) ? { db, ...job } : undefined;
    },
    ask: async ({ db, ...wanted }, { token }) => {
      // Each attempt has a link of its own, whose time begins now.
      const mail = await makeLinkMail(db, wanted);
      try {
        await sendMail(settings, { ...mail, token });
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw error;
        throw new CloudError(error.message, { willPass: error.willPass });
      }
      return async (tx, jobId) => void (await settleJob(tx, jobId, new Date()));
    },
    fail: async (tx, jobId, _task, words) => void (await settleJob(tx, jobId, new Date(), words)),
    commit: (db, _task, service) => service(db),
  };
}
