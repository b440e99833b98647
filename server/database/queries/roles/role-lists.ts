import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { roleListQuery } from '#contract/roles/roles.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { equal } from '../lists/equal.ts';
import { byCount, sumOfServers } from '../lists/count-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { registrationsWanted } from '../images/same-cloud-image.ts';
import { lastUse } from '../organisation/last-use.ts';
import { matchesSearch, type Ways, waysIn } from '../lists/search.ts';
import { isAt, isAtOrBelow, visibleScopes } from '../organisation/visibility.ts';

export type RoleListQuery = z.output<typeof roleListQuery>;

/**
 * How to walk the roles that a scope sees. Accounts and environments do not see Corporate roles
 * without images in their lists: docs/domain.md, "Visibility".
 */
export function roleListPlan(scope: ScopeRef, query: RoleListQuery): ListPlan {
  const { name, descending } = parseSort(query.sort ?? 'id');
  // What uses an image at and below the scope is another list than what is seen from there.
  const isOfUsage = query.usageOf !== undefined || query.usageOfSet !== undefined;
  const listed = isOfUsage ? [isAtOrBelow('r', scope)] : seenFrom(scope, query);
  return {
    from: rolesWithOs,
    branches: listed.length > 0 ? listed : [sql`false`],
    where: [sql`r.deleted_at IS NULL`, ...ownConditions(query), ...usageConditions(scope, query)],
    ...sortPlan(scope, name),
    id: sql`r.id`,
    idType: 'integer',
    descending,
  };
}

function seenFrom(scope: ScopeRef, query: RoleListQuery): RawBuilder<unknown>[] {
  return visibleScopes(scope)
    .filter((visible) => query.scope === undefined || visible.scope === query.scope)
    .map((visible) =>
      visible.scope === 'scalr' && scope.scope !== 'scalr'
        ? sql`${isAt('r', visible)} AND EXISTS (SELECT FROM role_images ri WHERE ri.role_id = r.id)`
        : isAt('r', visible),
    );
}

type Column = 'id' | 'name' | 'added' | 'lastUsed' | 'os';
type Count = 'farms' | 'servers' | 'oldServers';

const sortKeysFrom = (scope: ScopeRef): Record<Column, Pick<ListPlan, 'key' | 'keyType'>> => ({
  id: { key: sql`r.id`, keyType: 'integer' },
  name: { key: naturally(sql`r.name`), keyType: 'text' },
  added: { key: sql`r.added_at`, keyType: 'timestamptz' },
  lastUsed: {
    key: sql`coalesce(${lastUse('role', 'r', scope)}, '-infinity')`,
    keyType: 'timestamptz',
  },
  os: { key: naturally(sql`os.name`), keyType: 'text' },
});

const rolesWithOs = sql`roles r JOIN os ON os.id = r.os_id`;

function sortPlan(
  scope: ScopeRef,
  name: Column | Count,
): Pick<ListPlan, 'key' | 'keyType'> & { from?: ListPlan['from'] } {
  if (name === 'farms')
    return byCount(
      rolesWithOs,
      sql`r.id`,
      sql`SELECT fr.role_id AS id, count(DISTINCT fr.farm_id)::int AS count FROM farm_roles fr
        WHERE ${isAtOrBelow('fr', scope)} GROUP BY 1`,
    );
  if (name === 'servers' || name === 'oldServers')
    return byCount(
      rolesWithOs,
      sql`r.id`,
      sql`SELECT fr.role_id AS id, ${sumOfServers(name)} AS count
        FROM server_groups g JOIN farm_roles fr ON fr.id = g.farm_role_id
        WHERE ${isAtOrBelow('g', scope)} GROUP BY 1`,
    );
  return sortKeysFrom(scope)[name];
}

function ownConditions(query: RoleListQuery): RawBuilder<unknown>[] {
  return [
    ...matchesSearch(query.query, roleWays),
    ...equal('r', {
      id: query.id,
      name: query.name,
      os_id: query.os,
      category_id: query.category,
      quick_start: query.quickStart,
      use_scalr_agent: query.useScalrAgent,
    }),
    ...(query.deprecated === undefined
      ? []
      : [sql`(r.deprecated_at IS NOT NULL) = ${query.deprecated}`]),
    ...(query.builtinAutomation === undefined
      ? []
      : [sql`r.builtin_automation && ${query.builtinAutomation}::text[]`]),
  ];
}

/** `r` has a word in its name, its description, or the cloud id of one of its images. */
const roleWays: Ways = (term) => {
  const { pattern, text } = term;
  const held = sql`SELECT ri.role_id FROM role_images ri JOIN images i ON i.id = ri.image_id
    WHERE i.deleted_at IS NULL AND i.cloud_image_id ILIKE ${pattern}`;
  // A trigram index finds the images of three letters or more; for fewer it is better to ask role by role.
  const holdsIt =
    text.length < 3 ? sql`EXISTS (${held} AND ri.role_id = r.id)` : sql`r.id IN (${held})`;
  return [...waysIn('r.name', 'r.description')(term), holdsIt];
};

function usageConditions(scope: ScopeRef, query: RoleListQuery): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  const wanted = [
    ...registrationsWanted(query),
    ...registrationsWanted({ image: query.usageOf, imageSet: query.usageOfSet }),
  ];
  for (const registrations of wanted)
    conditions.push(sql`EXISTS (SELECT FROM role_images ri
      WHERE ri.role_id = r.id AND ri.image_id = ANY(${registrations}))`);
  if (query.inUse !== undefined)
    conditions.push(sql`EXISTS (SELECT FROM farm_roles fr
      WHERE fr.role_id = r.id AND ${isAtOrBelow('fr', scope)}) = ${query.inUse}`);
  return conditions;
}
