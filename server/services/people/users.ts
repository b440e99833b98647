import { ApiError } from '#contract/errors.ts';
import type { UserRole } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { hasUsers, insertGrant, insertUser } from '../../database/queries/people/users.ts';
import type { Context } from '../context.ts';
import { toGrant } from '../present.ts';

export interface NewUser {
  email: string;
  /** Shown to others. */
  name: string;
  role: UserRole;
  /** Where the role is given; it reaches everything below. */
  at: ScopeRef;
}

/**
 * Lets somebody in who was not known before. No operation on the wire does it: users are made by the
 * first start and on the command line.
 *
 * @returns the new user's id
 * @throws ApiError UnicityViolation when the e-mail address is taken; UnacceptableState when there is
 * nobody yet and this one could not administer everything
 */
export async function createUser(ctx: Context, user: NewUser): Promise<number> {
  const email = user.email.toLowerCase();
  const isChief = user.role === 'administrator' && user.at.scope === 'scalr';
  if (!isChief && !(await hasUsers(ctx.tx))) {
    throw new ApiError(
      'UnacceptableState',
      'The first user must be an administrator at Corporate scope, since nobody else could set anything up.',
    );
  }
  const created = await insertUser(ctx.tx, { email, name: user.name });
  if (!created) {
    throw new ApiError(
      'UnicityViolation',
      `The user ${email} exists already. Choose another e-mail address.`,
    );
  }
  const grant = { userId: created.id, role: user.role, at: user.at };
  const grants = (await insertGrant(ctx.tx, grant)).map(toGrant);
  ctx.record({
    kind: 'user',
    after: created,
    others: grants.map((after) => ({ kind: 'grant' as const, after })),
  });
  return created.id;
}
