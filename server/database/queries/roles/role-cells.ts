import { type RawBuilder, sql } from 'kysely';
import type { Image } from '#contract/images/images.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { OtherDeprecation } from '../../../domain/images/deprecations.ts';
import type { Db } from '../../connection/connection.ts';
import { ask } from '../../connection/sent-ahead.ts';
import { roleImagesThen } from '../../records/images-then.ts';
import { otherDeprecations } from '../images/same-cloud-image.ts';
import { equal } from '../lists/equal.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';

/** One image of a role, with what a matrix of roles and locations shows and what the rules ask. */
export interface RoleCellRow {
  role_id: number;
  cloud_platform: Image['cloudPlatform'];
  cloud_location: string;
  /** The image's own columns follow. */
  id: string;
  name: string;
  cloud_image_id: string;
  scope: Image['scope'];
  set_id: number;
  account_id: number | null;
  environment_id: number | null;
  status: Image['status'];
  deprecated_at: Date | null;
  other_deprecations: OtherDeprecation[];
  architecture: Image['architecture'];
  os_name: string;
  os_family: string | null;
  os_generation: string | null;
  scalr_agent_installed: boolean;
  cloud_init_installed: boolean;
}

/** The images of these roles, in the order of role, platform and location. */
export async function fetchRoleCells(tx: Db, roleIds: readonly number[]): Promise<RoleCellRow[]> {
  if (roleIds.length === 0) return [];
  const select = sql<RoleCellRow>`
    SELECT ri.role_id, ri.cloud_platform, ri.cloud_location,
      i.id, i.name, i.cloud_image_id, i.scope, i.set_id, i.account_id, i.environment_id, i.status,
      i.deprecated_at, ${otherDeprecations('i')} AS other_deprecations, i.architecture, os.name AS os_name, os.family AS os_family,
      os.generation AS os_generation, i.scalr_agent_installed, i.cloud_init_installed
    FROM role_images ri JOIN images i ON i.id = ri.image_id JOIN os ON os.id = i.os_id
    WHERE ri.role_id = ANY(${[...roleIds]}::int[])
    ORDER BY ri.role_id, ri.cloud_platform, ri.cloud_location`;
  return ask(tx, select.compile(tx));
}

export interface NewerSetRow {
  role_id: number;
  set_id: number;
  /** The latest set of its line that can be used and that the scope of the role sees. */
  newer_id: number;
  newer_name: string;
}

/** For each set that these roles hold an image of, the newer one, where there is one. */
export async function fetchNewerSets(tx: Db, roleIds: readonly number[]): Promise<NewerSetRow[]> {
  if (roleIds.length === 0) return [];
  const later = (
    isSeen: RawBuilder<unknown>,
  ) => sql`SELECT n.id, n.name, n.version FROM image_sets n
    WHERE ${isSeen} AND n.os_id = s.os_id AND n.line = s.line AND n.version > s.version AND n.usable`;
  // A branch for each scope that a role sees, as the index has them.
  const branches = [
    later(sql`n.scope = 'scalr' AND n.account_id IS NULL AND n.environment_id IS NULL`),
    later(sql`n.scope = 'account' AND n.account_id = r.account_id AND n.environment_id IS NULL`),
    later(
      sql`n.scope = 'environment' AND n.account_id = r.account_id AND n.environment_id = r.environment_id`,
    ),
  ];
  const select = sql<NewerSetRow>`
    SELECT held.role_id, held.set_id, newer.id AS newer_id, newer.name AS newer_name
    FROM (SELECT DISTINCT ri.role_id, i.set_id FROM role_images ri JOIN images i ON i.id = ri.image_id
      WHERE ri.role_id = ANY(${[...roleIds]}::int[])) held
    JOIN roles r ON r.id = held.role_id
    JOIN image_sets s ON s.id = held.set_id
    JOIN LATERAL (${sql.join(branches, sql` UNION ALL `)} ORDER BY version DESC, id LIMIT 1) newer ON true`;
  return ask(tx, select.compile(tx));
}

/**
 * How to walk the images of a role by their place.
 * @param then the moment that is asked about, and where the role is or may have been; undefined for the present
 */
export function roleImageListPlan(
  roleId: number,
  filters: { image?: string | undefined; role?: number | undefined },
  sort: 'cloudLocation' | '-cloudLocation',
  then?: { at: Date; scopes: readonly ScopeRef[] },
): ListPlan {
  return {
    ...(then && { shared: [roleImagesThen(then.scopes, then.at, roleId)] }),
    from: sql`role_images ri`,
    branches: [sql`ri.role_id = ${roleId}`],
    where: equal('ri', { image_id: filters.image, role_id: filters.role }),
    key: sql`ri.cloud_platform || ' ' || ri.cloud_location`,
    keyType: 'text',
    id: sql`ri.image_id`,
    idType: 'uuid',
    descending: parseSort(sort).descending,
  };
}
