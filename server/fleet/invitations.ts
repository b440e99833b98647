import { CloudError } from '../cloud/call.ts';
import { DeliveryError } from '../contact/delivery.ts';
import { type MailerSettings, sendMail } from '../contact/mailer.ts';
import type { Db } from '../database/connection/connection.ts';
import { invitationKind } from '../database/queries/people/invitations.ts';
import { settleJob } from '../database/queries/records/outbox.ts';
import { performInternally } from '../perform.ts';
import type { Context } from '../services/context.ts';
import {
  findInvitation,
  type Invitation,
  type InvitationJob,
  writeInvitation,
} from '../services/people/invitations.ts';
import type { Effect } from './effects.ts';

/** Mails invitations: docs/domain.md, "People". Each attempt has a link of its own. */
export function invitations(db: Db, settings: MailerSettings): Effect<Invitation> {
  return {
    kind: invitationKind,
    find: (from, payload) => findInvitation(from, payload as InvitationJob),
    ask: async (invitation, { token }) => {
      const { name, email: address } = invitation;
      const message = await writeInvitation(db, invitation);
      try {
        await sendMail(settings, { to: { name, address }, ...message, token });
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw error;
        throw new CloudError(error.message, { willPass: error.willPass });
      }
      return async (ctx, jobId) => {
        await settleJob(ctx.tx, jobId, ctx.now);
      };
    },
    fail: async (ctx, jobId, _, words) => {
      await settleJob(ctx.tx, jobId, ctx.now, words);
    },
    commit: (from, _, service) => performInternally(from, step, service),
  };
}

const step = {
  caller: { kind: 'system', name: 'system:invitations' },
  operation: 'userInvite',
  scope: { scope: 'scalr' },
} as const satisfies Parameters<typeof performInternally<Context>>[1];
