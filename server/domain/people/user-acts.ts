import type { UserStatus } from '#contract/people/users.ts';
import { type Scope, scopeLabel } from '#contract/scope.ts';
import type { Refusal } from '../refusal.ts';

/** A user whom an administrator wants to do something with. */
export interface UserFacts {
  name: string;
  status: UserStatus;
  /** Whether they were invited and have not signed in yet. */
  isExpected: boolean;
  /** Whether it is the administrator. */
  isSelf: boolean;
  /** How many of their rights lie neither at the administrator's scope nor below it. */
  beyond: number;
  /** The same of the farms that they own. */
  farmsBeyond: number;
}

export type UserAct = 'suspend' | 'restore' | 'remove' | 'endSessions' | 'resetSignIn' | 'invite';

/**
 * Why an administrator at a scope may not do something with a user: docs/domain.md, "People". All that a user
 * holds must be within the administrator's reach, since what is done to a user is done everywhere.
 */
export function findUserActRefusal(act: UserAct, user: UserFacts, at: Scope): Refusal | undefined {
  const { name, status } = user;
  if (user.beyond > 0 || (act === 'remove' && user.farmsBeyond > 0))
    return {
      code: 'PermissionViolation',
      reason: `${name} has ${user.beyond > 0 ? 'rights' : 'farms'} outside of this ${scopeLabel[at].toLowerCase()}, and this would reach them too. Ask an administrator of a higher scope.`,
    };
  if (status === 'left') return unacceptable(`${name} has left already.`);
  if (act === 'restore')
    return status === 'suspended' ? undefined : unacceptable(`${name} is not suspended.`);
  if (act === 'suspend' && status === 'suspended')
    return unacceptable(`${name} is suspended already.`);
  if ((act === 'suspend' || act === 'remove') && user.isSelf)
    return unacceptable(`You cannot ${act} yourself. Ask another administrator to do it.`);
  if (act === 'resetSignIn') return findResetRefusal(user);
  if (act === 'invite' && (!user.isExpected || status !== 'active'))
    return unacceptable(
      `Only who was invited and has not signed in yet gets another link; ${name} ${status === 'active' ? 'has signed in' : 'is suspended'}.`,
    );
  return undefined;
}

/** Whoever has never signed in has nothing to reset, and gets another invitation. */
function findResetRefusal({ name, status, isSelf, isExpected }: UserFacts): Refusal | undefined {
  if (isSelf)
    return unacceptable('You cannot reset how you yourself sign in. Ask another administrator.');
  if (status === 'suspended') return unacceptable(`${name} is suspended. Restore them first.`);
  return isExpected
    ? unacceptable(`${name} has not signed in yet. Make another invitation link.`)
    : undefined;
}

/** Why nothing may be done that leaves Corporate without an active administrator. */
export function findChiefRefusal(chiefsLeft: number): Refusal | undefined {
  if (chiefsLeft > 0) return undefined;
  return unacceptable(
    'This would leave nobody who administers Corporate. Give somebody else the role Administrator there first.',
  );
}

function unacceptable(reason: string): Refusal {
  return { code: 'UnacceptableState', reason };
}
