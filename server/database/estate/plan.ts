import type { Insertable } from 'kysely';
import type { Database } from '../schema.ts';
import { planBilling } from './billing.ts';
import { createClock, stableUuid } from './deterministic.ts';
import { type Fleet, planFleet } from './plan-fleet.ts';
import { type EstateImage, planImages } from './images.ts';
import { farms } from './farms.ts';
import { accounts, environments, people, scopeColumns, teams } from './organisation.ts';
import { replayStory } from './replay.ts';
import { type EstateRole, planRoleImages, planRoles } from './roles.ts';
import { deletedImages, failedImage, imageBeingDeleted } from './story.ts';

type Rows<Table extends keyof Database> = Insertable<Database[Table]>[];

/** Every row of the estate, table by table, in an order that references allow. */
export interface EstatePlan {
  accounts: Rows<'accounts'>;
  environments: Rows<'environments'>;
  users: Rows<'users'>;
  teams: Rows<'teams'>;
  team_members: Rows<'team_members'>;
  grants: Rows<'grants'>;
  revisions: Rows<'revisions'>;
  images: Rows<'images'>;
  roles: Rows<'roles'>;
  role_images: Rows<'role_images'>;
  role_image_history: Rows<'role_image_history'>;
  replacements: Rows<'replacements'>;
  replacement_pairs: Rows<'replacement_pairs'>;
  replacement_roles: Rows<'replacement_roles'>;
  cost_centers: Rows<'cost_centers'>;
  projects: Rows<'projects'>;
  farms: Rows<'farms'>;
  farm_roles: Rows<'farm_roles'>;
  servers: Rows<'servers'>;
  outbox: Rows<'outbox'>;
}

/** Plans the whole estate: pure, and the same for the same `now`. */
export function planEstate(now: Date): EstatePlan {
  const created_at = createClock(now)(150);
  const images = planImages(now);
  const roles = planRoles(now, images);
  const { replacements, replacementPairs, replacementRoles } = replayStory(now, images, roles);
  const users = people.map(({ email, name }, index) => ({
    id: index + 1,
    email,
    name,
    created_at,
    handle: stableUuid(`user ${email}`),
  }));
  const userIds = new Map(users.map(({ email, id }) => [email, id]));
  const fleet = planFleet(now, roles, userIds);
  const billing = planBilling(now);
  const outbox = planDeletions(now, images);
  noteLastUse(images, roles, fleet);
  const { current, history } = planRoleImages(now, roles);
  return {
    accounts: accounts.map(({ id, name }) => ({ id, name, created_at })),
    environments: environments.map((name, index) => ({
      id: index + 1,
      account_id: scopeColumns(name).account_id ?? 0,
      name: name.split('/')[1] ?? name,
      created_at,
    })),
    users,
    ...planTeams(userIds, created_at),
    grants: [...planGrants(userIds), ...planTeamGrants()],
    revisions: accounts.map(({ id }) => ({ chain: `account:${id}`, at: now })),
    images: images.map(({ row }) => row),
    roles: roles.map(({ row }) => row),
    role_images: current,
    role_image_history: history,
    replacements,
    replacement_pairs: replacementPairs,
    replacement_roles: replacementRoles,
    cost_centers: billing.costCenters,
    projects: billing.projects,
    farms: fleet.farms,
    farm_roles: fleet.farmRoles,
    servers: fleet.servers,
    outbox,
  };
}

/** Teams, by number in their order, and who is in them. */
function planTeams(
  userIds: Map<string, number>,
  created_at: Date,
): Pick<EstatePlan, 'teams' | 'team_members'> {
  const created_by = people[0]?.email ?? '';
  return {
    teams: teams.map(({ name, at }, index) => ({
      id: index + 1,
      name,
      created_at,
      created_by,
      ...scopeColumns(at),
    })),
    team_members: teams.flatMap(({ members }, index) =>
      members.map((email) => ({ team_id: index + 1, user_id: userIds.get(email) ?? 0 })),
    ),
  };
}

function planTeamGrants(): Rows<'grants'> {
  return teams.flatMap(({ grants }, index) =>
    grants.map(([role, scope]) => ({ team_id: index + 1, role, ...scopeColumns(scope) })),
  );
}

/** What people were given, and for farm owners a look at the environments of their farms. */
function planGrants(userIds: Map<string, number>): Rows<'grants'> {
  const given = people.flatMap(({ email, grants }) =>
    grants.map(([role, scope]) => ({ email, role, scope })),
  );
  const owned = farms.map(({ owner, scope }) => ({ email: owner, role: 'viewer' as const, scope }));
  const unique = new Map([...given, ...owned].map((grant) => [JSON.stringify(grant), grant]));
  return [...unique.values()].map(({ email, role, scope }) => ({
    user_id: userIds.get(email) ?? 0,
    role,
    ...scopeColumns(scope),
  }));
}

/** Images that are gone, on their way out, or that the cloud would not let go. */
function planDeletions(now: Date, images: EstateImage[]): Rows<'outbox'> {
  const ago = createClock(now);
  const outbox: Rows<'outbox'> = [];
  for (const { row, scopeName } of images) {
    const is = ({ scope, name }: { scope: string; name: string }) =>
      scopeName === scope && row.name === name;
    if (is(deletedImages)) row.deleted_at = ago(deletedImages.daysAgo);
    if (is(failedImage)) Object.assign(row, { status: 'failed', status_error: failedImage.error });
    if (!is(imageBeingDeleted)) continue;
    row.status = 'pending_delete';
    outbox.push({
      id: stableUuid(`deletion ${row.id}`),
      kind: 'image.delete-from-cloud',
      lane: `account ${row.account_id} ${row.cloud_platform}`,
      payload: JSON.stringify({ imageId: row.id }),
      created_at: ago(imageBeingDeleted.askedDaysAgo),
      attempts: imageBeingDeleted.attempts,
      next_attempt_at: ago(-imageBeingDeleted.nextAttemptInHours / 24),
      error: imageBeingDeleted.error,
    });
  }
  return outbox;
}

/** An image and a role were last used when a server was last launched from them. */
function noteLastUse(images: EstateImage[], roles: EstateRole[], fleet: Fleet): void {
  const roleOf = new Map(fleet.farmRoles.map(({ id, role_id }) => [id, role_id]));
  const lastUse = new Map<string | number, Date>();
  for (const { image_id, farm_role_id, launched_at } of fleet.servers) {
    if (!image_id) continue;
    for (const key of [image_id, roleOf.get(farm_role_id) ?? 0]) {
      const known = lastUse.get(key);
      if (!known || known < launched_at) lastUse.set(key, launched_at);
    }
  }
  for (const { row } of [...images, ...roles]) row.last_used_at = lastUse.get(row.id) ?? null;
}
