import { ApiError } from '#contract/errors.ts';
import { isFresh, type SessionLimits } from '../domain/sign-in/sessions.ts';

/** Beyond so many roles, a change wants a fresh sign-in. */
const mostRolesUnconfirmed = 100;

/** @throws ApiError ConfirmationRequired: docs/domain.md, "Confirm again" */
export function demandFresh(
  confirmedAt: Date | undefined,
  now: Date,
  limits: SessionLimits,
  why: string,
): void {
  if (isFresh(confirmedAt, now, limits)) return;
  throw new ApiError(
    'ConfirmationRequired',
    `${why} needs a sign-in of the last ${limits.confirmMinutes} minutes. Sign in again, then send this once more.`,
    { confirmBy: ['link'] },
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
