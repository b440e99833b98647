import type { Permission } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Refusal } from './refusal.ts';

/** Something that a scope still holds; `total` counts all of its kind, of which some are listed. */
export interface ScopeContent {
  type:
    | 'environment'
    | 'farm'
    | 'image'
    | 'role'
    | 'roleCategory'
    | 'project'
    | 'cloudCredentials'
    | 'policy';
  id: string;
  name: string;
  total: number;
}

const nouns: Record<ScopeContent['type'], [one: string, many: string]> = {
  environment: ['environment', 'environments'],
  farm: ['farm', 'farms'],
  image: ['image', 'images'],
  role: ['role', 'roles'],
  roleCategory: ['role category', 'role categories'],
  project: ['project', 'projects'],
  cloudCredentials: ['set of cloud credentials', 'sets of cloud credentials'],
  policy: ['policy', 'policies'],
};

/** The others are known by numbers. */
const withUuid: readonly ScopeContent['type'][] = [
  'image',
  'project',
  'cloudCredentials',
  'policy',
];

/**
 * Whether an account or environment may be deleted: only when nothing lives in it (docs/domain.md,
 * "Accounts and environments"). People's rights there are no obstacle: they go with it.
 * @param what how the message calls it, e.g. `Account "Retail"`
 * @returns why not, with everything that is listed and a count of the rest, or undefined
 */
export function findDeletionObstacles(
  what: string,
  contents: readonly ScopeContent[],
): Refusal | undefined {
  if (contents.length === 0) return undefined;
  const totals = new Map(contents.map((content) => [content.type, content.total]));
  const counts = [...totals].map(([type, total]) => `${total} ${nouns[type][total === 1 ? 0 : 1]}`);
  const listed = contents.map(({ type, id, name }) => ({
    type,
    id: withUuid.includes(type) ? id : Number(id),
    name,
  }));
  const rest = [...totals].flatMap(([type, total]) => {
    const count = total - listed.filter((blocker) => blocker.type === type).length;
    return count > 0 ? [{ type, count }] : [];
  });
  return {
    code: 'ObjectInUse',
    reason: `${what} is not empty: it still has ${joined(counts)}. Delete or promote them first.`,
    blockers: [...listed, ...rest],
  };
}

function joined(parts: readonly string[]): string {
  return parts.length < 2
    ? parts.join('')
    : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

export const scopeActions = [
  'imageCreate',
  'roleCreate',
  'farmCreate',
  'accountCreate',
  'environmentCreate',
  'cloudCredentialsCreate',
  'userInvite',
  'rename',
  'delete',
] as const;
export type ScopeAction = (typeof scopeActions)[number];

/** What an action on a scope takes: a permission and where it must be held, or why it never can be. */
export type ScopeActionNeed = { permission: Permission; at: ScopeRef } | Refusal;

/** Where the organisation is changed: docs/domain.md, "Accounts and environments". */
export function whatActionNeeds(action: ScopeAction, scope: ScopeRef): ScopeActionNeed {
  if (action === 'imageCreate') return { permission: 'images.manage', at: scope };
  if (action === 'roleCreate') return { permission: 'roles.manage', at: scope };
  if (action === 'cloudCredentialsCreate') return { permission: 'scopes.manage', at: scope };
  if (action === 'userInvite') return { permission: 'people.manage', at: scope };
  if (action === 'farmCreate')
    return scope.scope === 'environment'
      ? { permission: 'farms.manage', at: scope }
      : elsewhere('A farm belongs to an environment. Open the environment and create it there.');
  if (action === 'accountCreate')
    return scope.scope === 'scalr'
      ? { permission: 'scopes.manage', at: scope }
      : elsewhere('Accounts are created at Corporate scope. Open it and create the account there.');
  if (action === 'environmentCreate')
    return scope.scope === 'account'
      ? { permission: 'scopes.manage', at: scope }
      : elsewhere('An environment belongs to an account. Open the account and create it there.');
  if (scope.scope === 'scalr')
    return elsewhere(`Corporate scope is the top of everything and cannot be ${action}d.`);
  if (scope.scope === 'account') return { permission: 'scopes.manage', at: { scope: 'scalr' } };
  return { permission: 'scopes.manage', at: { scope: 'account', accountId: scope.accountId } };
}

function elsewhere(reason: string): ScopeActionNeed {
  return { code: 'ScopeViolation', reason };
}

/** The members of a patch that change something; undefined when none does. */
export function planUpdate<Row extends object>(
  row: Row,
  patch: { [Member in keyof Row]?: Row[Member] | undefined },
): Partial<Row> | undefined {
  const changes = Object.entries(patch).filter(
    ([member, value]) => value !== undefined && value !== row[member as keyof Row],
  );
  return changes.length > 0 ? (Object.fromEntries(changes) as Partial<Row>) : undefined;
}
