import { type Invariant, isVisible } from './invariant.ts';

/** Farms, their roles and servers. Balance is no invariant: it is what the autoscaler works towards. */
export const farmInvariants: Invariant[] = [
  {
    id: 'INV-08',
    guarantee:
      'a farm uses roles that its environment can see, with an image where its servers run',
    sql: `
      SELECT fr.id, fr.farm_id, fr.alias, r.name AS role, r.deleted_at, ri.image_id
      FROM (SELECT *, 'environment' AS scope FROM farm_roles) fr JOIN roles r ON r.id = fr.role_id
      LEFT JOIN role_images ri ON (ri.role_id, ri.cloud_platform, ri.cloud_location)
        = (fr.role_id, fr.cloud_platform, fr.image_location)
      WHERE r.deleted_at IS NOT NULL OR ri.image_id IS NULL OR NOT ${isVisible('r', 'fr')}`,
  },
  {
    id: 'INV-16',
    guarantee: 'no deprecated role enters a farm',
    sql: `
      SELECT fr.id, fr.farm_id, fr.alias, fr.added_at, r.deprecated_at
      FROM farm_roles fr JOIN roles r ON r.id = fr.role_id WHERE fr.added_at > r.deprecated_at`,
  },
  {
    id: 'SRV-01',
    guarantee: 'a server has the image it was started from, once it was started',
    sql: `SELECT id, status FROM servers WHERE image_id IS NULL AND status <> 'pending_launch'`,
  },
  {
    id: 'SRV-02',
    guarantee: 'no server that may still run is on an image that is deleted or being deleted',
    sql: `
      SELECT s.id, s.status, i.id AS image_id, i.status AS image_status, i.deleted_at
      FROM images i JOIN servers s ON s.image_id = i.id AND s.status <> 'terminated'
      WHERE i.deleted_at IS NOT NULL OR i.status = 'pending_delete'`,
  },
  {
    id: 'SRV-03',
    guarantee: 'a server runs an image of its environment or above, where the image is',
    sql: `
      SELECT s.id, s.cloud_platform, s.cloud_location, i.id AS image_id, i.scope, i.account_id
      FROM (SELECT *, 'environment' AS scope FROM servers) s JOIN images i ON i.id = s.image_id
      WHERE i.cloud_platform <> s.cloud_platform OR i.cloud_location NOT IN ('', s.cloud_location)
        OR NOT ${isVisible('i', 's')}`,
  },
  {
    id: 'SRV-04',
    guarantee: 'the servers of a farm role are numbered without repetition',
    sql: `
      SELECT farm_role_id, server_index, count(*) FROM servers WHERE status <> 'terminated'
      GROUP BY 1, 2 HAVING count(*) > 1`,
  },
];
