import { createSignInLink } from '../../auth/sign-in-links.ts';
import type { Db } from '../../database/connection/connection.ts';
import { findInvited } from '../../database/queries/people/invitations.ts';

/** How long the link of an invitation is good. */
const invitationMinutes = 7 * 24 * 60;

/** A link for somebody who was invited: it signs them in once within 7 days. */
export async function createInvitationLink(
  db: Db,
  email: string,
  baseUrl: string,
): Promise<{ url: string; expires: string }> {
  const { url, expires } = await createSignInLink(db, {
    email,
    baseUrl,
    minutesValid: invitationMinutes,
  });
  return { url, expires: expires.toISOString() };
}

/** What a job that mails an invitation keeps: no link, which whoever reads the table could use. */
export interface InvitationJob {
  userId: number;
  /** Who invited them. */
  by: string;
  /** Where people reach Slipway. */
  address: string;
}

/** An invitation as it is to be mailed. */
export type Invitation = InvitationJob & { name: string; email: string };

/** The invitation of a job, unless who was invited has come since, or is not wanted any more. */
export async function findInvitation(db: Db, job: InvitationJob): Promise<Invitation | undefined> {
  const user = await findInvited(db, job.userId);
  return user && { ...job, ...user };
}

/** The mail of an invitation, with a link that is made for it. */
export async function writeInvitation(
  db: Db,
  { email, by, address }: Invitation,
): Promise<{ subject: string; text: string }> {
  const { url, expires } = await createInvitationLink(db, email, address);
  return {
    subject: 'You are invited to Slipway',
    text: [
      `${by} has invited you to Slipway, where the machine images of your organisation are managed.`,
      `This link signs you in once, until ${expires.slice(0, 16).replace('T', ' ')} UTC:`,
      url,
      'If you did not expect it, leave it alone.',
    ].join('\n\n'),
  };
}
