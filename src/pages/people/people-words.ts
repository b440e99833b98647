import { userRoleLabel, userRoles } from '#contract/permissions.ts';
import type { UserRole } from '#contract/permissions.ts';
import type { Grant } from '#contract/people/grants.ts';
import type { User } from '#contract/people/users.ts';

import { placeName } from '../../util/places.ts';

/** How it stands with a user, in a word. */
export function statusWords({ status, joined, invited }: User): string {
  if (status === 'suspended') return 'Suspended';
  if (status === 'left') return 'Has left';
  return joined === null && invited !== null ? 'Invited' : 'Active';
}

/** `Publisher at Acme`. */
export function grantWords(grant: Grant): string {
  return `${userRoleLabel[grant.role]} at ${placeName(grant)}`;
}

/** What to choose a role from, with what each is for. */
export const roleOptions = userRoles.map((value) => ({ value, label: userRoleLabel[value] }));

export const roleHelp: Record<UserRole, string> = {
  viewer: 'Sees everything here and below.',
  operator: 'Also manages farms and servers.',
  image_manager: 'Also manages images and roles, and replaces images.',
  publisher: 'Also promotes images and roles to this scope.',
  administrator: 'Also manages accounts, environments, people and cloud credentials.',
};
