import { createFirstLink, createSignInLink, firstLinkUrl } from '../auth/sign-in-links.ts';
import type { Db } from '../database/connection/connection.ts';
import { findChiefAdministrator } from '../database/queries/people/users.ts';
import type { Env } from '../env.ts';
import type { FirstRun } from '../first-run.ts';
import type { Voice } from './voice.ts';

/**
 * Says where Slipway is, and how to sign in. A link that works is for whoever sits at the terminal: in a
 * log that others read it stands on the very first start alone, or when it is asked for.
 */
export async function greet(
  db: Db,
  { signInLink, isReadable, host }: Env,
  { say, warn }: Voice,
  { address, first }: { address: string; first: FirstRun | undefined },
): Promise<void> {
  say(`Slipway runs at ${address}`);
  if (isReadable)
    warn(
      `Slipway listens on ${host} without TLS, as ALLOW_PLAIN_HTTP says: sessions and sign-in links can be read on the way.`,
    );
  const mayShow = first !== undefined || signInLink || process.stdout.isTTY;
  const email = await findChiefAdministrator(db);
  if (email === undefined) {
    if (!mayShow)
      return say(
        'To sign in as the first administrator: npm run -s slipway -- first-administrator',
      );
    const url =
      first?.firstToken === undefined
        ? (await createFirstLink(db, address)).url
        : firstLinkUrl(address, first.firstToken);
    return say(`Sign in as the first administrator, once and within 15 minutes: ${url}`);
  }
  if (!mayShow)
    return say(`To sign in as ${email}: npm run -s slipway -- sign-in-link --user ${email}`);
  const link = await createSignInLink(db, { email, baseUrl: address });
  say(`Sign in as ${email}, once and within 15 minutes: ${link.url}`);
}
