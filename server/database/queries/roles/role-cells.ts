import { sql } from 'kysely';
import type { Image } from '#contract/images/images.ts';
import type { OtherDeprecation } from '../../../domain/deprecations.ts';
import type { Db } from '../../connection/connection.ts';
import { ask } from '../../connection/sent-ahead.ts';
import { otherDeprecations } from '../images/same-cloud-image.ts';
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
      i.id, i.name, i.cloud_image_id, i.scope, i.account_id, i.environment_id, i.status,
      i.deprecated_at, ${otherDeprecations('i')} AS other_deprecations, i.architecture, os.name AS os_name, os.family AS os_family,
      os.generation AS os_generation, i.scalr_agent_installed, i.cloud_init_installed
    FROM role_images ri JOIN images i ON i.id = ri.image_id JOIN os ON os.id = i.os_id
    WHERE ri.role_id = ANY(${[...roleIds]}::int[])
    ORDER BY ri.role_id, ri.cloud_platform, ri.cloud_location`;
  return ask(tx, select.compile(tx));
}

/** How to walk the images of a role by their place. */
export function roleImageListPlan(
  roleId: number,
  filters: { image?: string | undefined; role?: number | undefined },
  sort: 'cloudLocation' | '-cloudLocation',
): ListPlan {
  return {
    from: sql`role_images ri`,
    branches: [sql`ri.role_id = ${roleId}`],
    where: [
      ...(filters.image === undefined ? [] : [sql`ri.image_id = ${filters.image}`]),
      ...(filters.role === undefined ? [] : [sql`ri.role_id = ${filters.role}`]),
    ],
    key: sql`ri.cloud_platform || ' ' || ri.cloud_location`,
    keyType: 'text',
    id: sql`ri.image_id`,
    idType: 'uuid',
    descending: parseSort(sort).descending,
  };
}
