import { confirmationWays } from '#contract/error-codes.ts';
import { ApiError } from '#contract/errors.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';
import { isFresh, type SessionLimits } from '../domain/sign-in/sessions.ts';

/** Beyond so many roles, a change wants a fresh sign-in. */
const mostRolesUnconfirmed = 100;

/** @throws ApiError ConfirmationRequired: docs/domain.md, "Confirm again" */
export function demandFresh(
  confirmedAt: Date | undefined,
  now: Date,
  limits: SessionLimits,
  why: string,
  ways: SignInWays,
): void {
  if (isFresh(confirmedAt, now, limits)) return;
  throw new ApiError(
    'ConfirmationRequired',
    `${why} needs a sign-in of the last ${limits.confirmMinutes} minutes. Sign in again, then send this once more.`,
    { confirmBy: confirmationWays.filter((way) => way === 'link' || Boolean(ways[way])) },
  );
}

/** @throws ApiError ConfirmationRequired where so many roles change that it wants a fresh sign-in */
export function demandConfirmedFor(
  ctx: { demandConfirmed(why: string): void },
  roles: readonly { id: number }[],
): void {
  const count = new Set(roles.map(({ id }) => id)).size;
  if (count > mostRolesUnconfirmed) ctx.demandConfirmed(`Changing ${count} roles at once`);
}
