import { type UserRole, userRoles } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import { openSessionCookie } from '../conformance/samples.ts';
import { createClient, type Tenant } from '../harness.ts';
import { createKey, type Key } from '../signed-client.ts';

/** Where the one grant of an actor is, seen from the tenant that requests go to. */
export const placements = ['corporate', 'account', 'environment', 'sibling', 'elsewhere'] as const;
type Placement = (typeof placements)[number];

export const credentials = ['session', 'key', 'read-only', 'narrowed'] as const;
export type Credential = (typeof credentials)[number];

/** Somebody with one role at one place; without a grant, with neither. */
export interface Actor {
  role: UserRole | undefined;
  placement: Placement | undefined;
  at: ScopeRef | undefined;
  cookie: Record<string, string>;
  /** The narrowed one reaches the environment that requests go to. */
  keys: Record<Exclude<Credential, 'session'>, Key>;
}

function scopeOf(placement: Placement, tenant: Tenant, others: Tenant): ScopeRef {
  if (placement === 'sibling') return tenant.otherEnvironment;
  return placement === 'elsewhere' ? others.account : tenant[placement];
}

/** Everybody who asks: each of some roles at each place, and somebody without any. */
export async function createActors(
  db: Db,
  tenant: Tenant,
  others: Tenant,
  roles: readonly UserRole[] = userRoles,
): Promise<Actor[]> {
  const actors: Actor[] = [];
  for (const placement of placements)
    for (const role of roles) {
      const at = scopeOf(placement, tenant, others);
      const { email } = await createClient(db, role, at);
      actors.push({ role, placement, at, ...(await credentialsOf(db, email, tenant)) });
    }
  const { email } = await createClient(db, 'viewer', others.account);
  await db
    .deleteFrom('grants')
    .where('user_id', 'in', (users) =>
      users.selectFrom('users').where('email', '=', email).select('id'),
    )
    .execute();
  const nothing = { role: undefined, placement: undefined, at: undefined };
  return [...actors, { ...nothing, ...(await credentialsOf(db, email, tenant)) }];
}

async function credentialsOf(db: Db, email: string, { environment }: Tenant) {
  return {
    cookie: await openSessionCookie(db, email),
    keys: {
      key: await createKey(db, email),
      'read-only': await createKey(db, email, { readOnly: true }),
      narrowed: await createKey(db, email, { to: environment }),
    },
  };
}
