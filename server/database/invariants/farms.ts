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
      WHERE r.deleted_at IS NOT NULL AND r.found_at IS NULL OR ri.image_id IS NULL OR NOT ${isVisible('r', 'fr')}`,
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
    sql: `SELECT id, status FROM servers WHERE image_id IS NULL AND status NOT IN ('pending_launch', 'terminated', 'failed')`,
  },
  {
    id: 'SRV-02',
    guarantee: 'no server that may still run is on an image that is deleted or being deleted',
    sql: `
      SELECT s.id, s.status, i.id AS image_id, i.status AS image_status, i.deleted_at
      FROM images i JOIN servers s ON s.image_id = i.id AND s.status NOT IN ('terminated', 'failed')
      WHERE i.deleted_at IS NOT NULL AND i.found_at IS NULL OR i.status = 'pending_delete'`,
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
      SELECT farm_role_id, server_index, count(*) FROM servers s WHERE s.status NOT IN ('terminated', 'failed')
      GROUP BY 1, 2 HAVING count(*) > 1`,
  },
  {
    id: 'SRV-05',
    guarantee:
      'a farm that is terminated runs nothing, and one that is suspended has no running server',
    sql: `
      SELECT s.id, s.status, f.id AS farm_id, f.status AS farm_status FROM farms f
      JOIN farm_roles fr ON fr.farm_id = f.id JOIN servers s ON s.farm_role_id = fr.id
      WHERE (f.status = 'terminated' AND s.status NOT IN ('pending_terminate', 'terminated', 'failed'))
        OR (f.status = 'suspended'
          AND s.status NOT IN ('pending_suspend', 'suspended', 'pending_terminate', 'terminated', 'failed'))`,
  },
  {
    id: 'FRM-01',
    guarantee: 'a project is charged by farms that see it only, and sees its cost center',
    sql: `
      SELECT f.id::text, p.id AS project FROM (SELECT *, 'environment' AS scope FROM farms) f
      JOIN projects p ON p.id = f.project_id WHERE NOT ${isVisible('p', 'f')}
      UNION ALL
      SELECT p.id::text, c.id FROM projects p JOIN cost_centers c ON c.id = p.cost_center_id
      WHERE NOT ${isVisible('c', 'p')}`,
  },
  {
    id: 'FRM-02',
    guarantee: 'an environment has a cost center that its account sees, or none',
    sql: `
      SELECT e.id, c.id AS cost_center FROM environments e JOIN cost_centers c ON c.id = e.cost_center_id
      WHERE c.account_id <> e.account_id`,
  },
  {
    id: 'GRP-01',
    guarantee: 'the groups of servers that reports read are those of the live servers',
    sql: `
      SELECT coalesce(g.farm_role_id, s.farm_role_id) AS farm_role_id, coalesce(g.image_id, s.image_id) AS image_id,
        g.servers, s.counted
      FROM server_groups g FULL JOIN (
        SELECT farm_role_id, image_id, farm_id, account_id, environment_id, count(*) AS counted FROM servers
        WHERE status NOT IN ('pending_terminate', 'terminated', 'failed') GROUP BY 1, 2, 3, 4, 5) s
        -- Servers that wait to be launched have no image.
        ON s.farm_role_id = g.farm_role_id AND coalesce(s.image_id::text, '') = coalesce(g.image_id::text, '')
      WHERE (g.servers, g.farm_id, g.account_id, g.environment_id)
        IS DISTINCT FROM (s.counted, s.farm_id, s.account_id, s.environment_id)`,
  },
  {
    id: 'GRP-02',
    guarantee: 'a group of servers is called stale, deprecated and old since when it is',
    sql: `
      SELECT g.farm_role_id, g.image_id, g.stale, v.stale AS is_stale, g.deprecated,
        v.deprecated AS is_deprecated, g.since, v.since AS is_since
      FROM server_groups g LEFT JOIN server_group_verdicts v USING (farm_role_id, image_id)
      WHERE (g.stale, g.deprecated, g.since)
        IS DISTINCT FROM (coalesce(v.stale, false), coalesce(v.deprecated, false), v.since)`,
  },
  {
    id: 'BRN-01',
    guarantee:
      'a series of a burn-down has the servers that its points add up to, and never had less than none',
    sql: `
      SELECT series.id, series.servers, told.servers AS told, told.least
      FROM burn_down_series series LEFT JOIN (
        SELECT series_id, sum(change) AS servers, min(running) AS least FROM (
          SELECT series_id, change, sum(change) OVER (PARTITION BY series_id ORDER BY at) AS running
          FROM burn_down_points) points GROUP BY 1) told ON told.series_id = series.id
      WHERE series.servers <> coalesce(told.servers, 0) OR told.least < 0`,
  },
  {
    id: 'BRN-02',
    guarantee:
      'what is not noted as changed since has as many servers on old images as its last points say',
    sql: `
      SELECT coalesce(now.farm_role_id, told.farm_role_id) AS farm_role_id, now.image_id, now.servers, told.servers AS told
      FROM (SELECT g.*, f.owner_id, fr.role_id, fr.cloud_platform, fr.cloud_location FROM server_groups g
        JOIN farms f ON f.id = g.farm_id JOIN farm_roles fr ON fr.id = g.farm_role_id WHERE g.old) now
      FULL JOIN (SELECT * FROM burn_down_series WHERE servers > 0) told
        ON (now.farm_role_id, now.image_id, now.stale, now.deprecated) = (told.farm_role_id, told.image_id, told.stale, told.deprecated)
        AND (now.farm_id, now.account_id, now.environment_id) = (told.farm_id, told.account_id, told.environment_id)
        AND (now.owner_id, now.role_id, now.cloud_platform, now.cloud_location)
          = (told.owner_id, told.role_id, told.cloud_platform, told.cloud_location)
      WHERE now.servers IS DISTINCT FROM told.servers
        AND coalesce(now.farm_role_id, told.farm_role_id) NOT IN (SELECT farm_role_id FROM burn_down_changes)`,
  },
  {
    id: 'BRN-03',
    guarantee: 'nothing was counted later than the last time that everything was',
    sql: `
      SELECT p.series_id, p.at, s.counted_at FROM burn_down_points p, burn_down_state s WHERE p.at > s.counted_at`,
  },
  {
    id: 'USE-01',
    guarantee:
      'an image was last used in an environment when its last server there was launched, or later',
    sql: `
      SELECT s.image_id, s.environment_id, s.launched, u.at
      FROM (SELECT image_id, account_id, environment_id, max(launched_at) AS launched FROM servers
        WHERE image_id IS NOT NULL GROUP BY 1, 2, 3) s
      LEFT JOIN image_uses u USING (image_id, account_id, environment_id)
      WHERE coalesce(u.at, '-infinity') < s.launched`,
  },
];
