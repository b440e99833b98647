import { sql } from 'kysely';
import type { CredentialsInUse } from '../../../domain/credentials/cloud-credentials.ts';
import type { MovableGroup } from '../../../domain/inventory/group-moves.ts';
import type { Db } from '../../connection/connection.ts';
import { joinCurrentImage } from '../farms/usage.ts';
import { isDeprecatedAt } from '../images/same-cloud-image.ts';
import { placeOfCredentials } from '../observed-farms/observed-as.ts';
import { usableSuccessor } from '../organisation/successors.ts';

/** What is known of the groups behind observed farm roles, by farm role; others are left out. */
export async function fetchMovableGroups(
  tx: Db,
  farmRoleIds: readonly number[],
): Promise<Map<number, MovableGroup>> {
  if (farmRoleIds.length === 0) return new Map();
  const name = (alias: string) => sql`jsonb_build_object('id', ${sql.ref(`${alias}.id`)},
    'name', ${sql.ref(`${alias}.name`)}, 'cloudImageId', ${sql.ref(`${alias}.cloud_image_id`)})`;
  const { rows } = await sql<MovableGroup & { farm_role_id: number }>`
    SELECT fr.id AS farm_role_id, o.key AS group_id, o.cloud_platform, o.cloud_location, o.credentials_id,
      c.name AS credentials_name, to_jsonb(c.rights) AS cloud_rights, o.managed_by, ofr.template_id,
      ofr.template_version, ofr.pointer_name, ${name('current')} AS boots,
      ${placeOfCredentials('c')} AS credentials_at,
      ${isDeprecatedAt('current', 'fr')} AS is_deprecated,
      CASE WHEN successor.id IS NOT NULL THEN ${name('successor')} || jsonb_build_object(
        'is_same_place', successor.cloud_platform = o.cloud_platform AND successor.cloud_location = o.cloud_location,
        'is_same_architecture', coalesce(successor.architecture = current.architecture, true)) END AS successor,
      (SELECT ${name('ran')} FROM server_groups g JOIN images ran ON ran.id = g.image_id
        WHERE g.farm_role_id = fr.id AND g.stale ORDER BY g.servers DESC, ran.id LIMIT 1) AS ran,
      others.followers, others.pointed
    FROM farm_roles fr ${joinCurrentImage('fr')}
    JOIN observed_farm_roles ofr ON ofr.farm_role_id = fr.id
    JOIN observed_farms o ON o.farm_id = fr.farm_id AND o.kind = 'group'
    JOIN cloud_credentials c ON c.id = o.credentials_id
    LEFT JOIN images successor ON successor.id = (${usableSuccessor('images', 'current', (member) =>
      isDeprecatedAt(member, 'fr'),
    )} ->> 'id')::uuid
    CROSS JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE x.template_id = ofr.template_id AND x.template_version = '$Latest'))::int AS followers,
        (count(*) FILTER (WHERE x.pointer_name = ofr.pointer_name))::int AS pointed
      FROM observed_farms xo JOIN farm_roles xf ON xf.farm_id = xo.farm_id
      JOIN observed_farm_roles x ON x.farm_role_id = xf.id
      WHERE (xo.credentials_id, xo.cloud_platform, xo.cloud_location)
        = (o.credentials_id, o.cloud_platform, o.cloud_location) AND xo.farm_id <> o.farm_id) others
    WHERE fr.id = ANY(${farmRoleIds}::int[])`.execute(tx);
  return new Map(rows.map(({ farm_role_id, ...group }) => [farm_role_id, group]));
}

/** Credentials that are there, as the rules look at them. */
export async function findCredentialsInUse(
  tx: Db,
  ids: readonly string[],
): Promise<CredentialsInUse[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom('cloud_credentials')
    .where('id', 'in', [...new Set(ids)])
    .select(['name as credentials_name', 'rights as cloud_rights'])
    .execute();
}
