import type { Invariant } from './invariant.ts';

const open = `('waiting', 'moving', 'baking')`;
const underWay = `('moving', 'baking')`;
/** Its cloud moves a group as a whole, and what comes in place of a server is not known by name. */
const isOfGroup = `EXISTS (SELECT FROM rollout_groups rg WHERE (rg.rollout_id, rg.farm_role_id)
  = (rs.rollout_id, rs.farm_role_id))`;
const openGroup = `('waiting', 'moving', 'failed')`;
const onItsWay = `('pending_launch', 'pending', 'initializing', 'resuming', 'pending_suspend', 'pending_terminate')`;

/** Servers that are moved: docs/domain.md, "Rollouts". Each step of a rollout is one transaction, so all this holds in its middle too. */
export const rolloutInvariants: Invariant[] = [
  {
    id: 'ROL-01',
    guarantee: 'a rollout has servers only once it was started',
    sql: `
      SELECT p.id, p.state, rs.server_id FROM rollouts p JOIN rollout_servers rs ON rs.rollout_id = p.id
      WHERE p.started_at IS NULL`,
  },
  {
    id: 'ROL-02',
    guarantee: 'a rollout that is done has no open moves, and one that was cancelled starts none',
    sql: `
      SELECT p.id, p.state, rs.server_id, rs.state AS move
      FROM rollouts p JOIN rollout_servers rs ON rs.rollout_id = p.id
      WHERE (p.state = 'done' AND rs.state IN ${open}) OR (p.state = 'cancelled' AND rs.state = 'waiting')`,
  },
  {
    id: 'ROL-03',
    guarantee: 'each move has what its state says: a new server, and since when it runs',
    sql: `
      SELECT rs.rollout_id, rs.server_id, rs.state, rs.new_server_id, rs.started_at, rs.ran_at FROM rollout_servers rs
      WHERE (state = 'waiting' AND (new_server_id IS NOT NULL OR started_at IS NOT NULL))
        OR (state IN ('baking', 'moved') AND (new_server_id IS NULL AND NOT ${isOfGroup} OR started_at IS NULL))
        OR (state = 'baking' AND ran_at IS NULL) OR new_server_id = server_id`,
  },
  {
    id: 'ROL-04',
    guarantee: 'a server is moved by one rollout at a time, and stands in one place',
    sql: `
      SELECT 'moved' AS twice, server_id FROM rollout_servers WHERE state IN ${open}
      GROUP BY server_id HAVING count(*) > 1
      UNION ALL
      SELECT 'placed', new_server_id FROM rollout_servers WHERE new_server_id IS NOT NULL
      GROUP BY new_server_id HAVING count(*) > 1`,
  },
  {
    id: 'ROL-05',
    guarantee: 'one rollout at a time works on a farm, but for the one that it undoes',
    sql: `
      SELECT one.farm_id, one.rollout_id, other.rollout_id AS other_id
      FROM (SELECT DISTINCT farm_id, rollout_id FROM rollout_servers WHERE state IN ${open}) one
      JOIN (SELECT DISTINCT farm_id, rollout_id FROM rollout_servers WHERE state IN ${open}) other
        ON other.farm_id = one.farm_id AND other.rollout_id > one.rollout_id
      JOIN rollouts p ON p.id = one.rollout_id JOIN rollouts q ON q.id = other.rollout_id
      WHERE p.undoes_id IS DISTINCT FROM q.id AND q.undoes_id IS DISTINCT FROM p.id`,
  },
  {
    id: 'ROL-06',
    guarantee: 'what moves in a farm role is one batch, and no more than a batch may hold',
    // What a percentage was of is known only at the moment at which the batch began.
    sql: `
      SELECT rs.rollout_id, rs.farm_role_id, count(*) AS moving, count(DISTINCT rs.started_at) AS batches
      FROM rollout_servers rs JOIN rollouts p ON p.id = rs.rollout_id WHERE rs.state IN ${underWay} AND NOT ${isOfGroup}
      GROUP BY rs.rollout_id, rs.farm_role_id, p.settings
      HAVING count(DISTINCT rs.started_at) > 1 OR count(*) >
        CASE WHEN p.settings ->> 'batchSize' ~ '^[0-9]+$' THEN (p.settings ->> 'batchSize')::int ELSE count(*) END`,
  },
  {
    id: 'ROL-07',
    guarantee: 'a wave begins when nothing of the one before is left',
    sql: `
      SELECT rs.rollout_id, rs.server_id, rs.wave, present.wave AS present FROM rollout_servers rs
      JOIN (SELECT rollout_id, min(wave) AS wave FROM rollout_servers WHERE state IN ${open} GROUP BY 1) present
        ON present.rollout_id = rs.rollout_id AND present.wave < rs.wave
      WHERE rs.state IN ('moving', 'baking', 'moved')`,
  },
  {
    id: 'ROL-08',
    guarantee:
      'a rollout has stopped after as many failures as it may have, or when a group failed, and not before',
    sql: `
      SELECT id, state, failures, settings -> 'stopAfterFailures' AS most FROM rollouts
      WHERE (state = 'stopped' AND failures < (settings ->> 'stopAfterFailures')::int
          AND NOT EXISTS (SELECT FROM rollout_groups rg WHERE rg.rollout_id = rollouts.id AND rg.state = 'failed'))
        OR (state IN ('running', 'paused') AND failures >= (settings ->> 'stopAfterFailures')::int)`,
  },
  {
    id: 'ROL-09',
    guarantee: 'what was undone has ended, and leaves nothing to bake',
    sql: `
      SELECT p.id, p.state, rs.server_id FROM rollouts p JOIN rollouts back ON back.undoes_id = p.id
      LEFT JOIN rollout_servers rs ON rs.rollout_id = p.id
        AND (rs.state = 'baking' OR (rs.state = 'moving' AND rs.new_server_id IS NOT NULL))
      WHERE p.state NOT IN ('done', 'cancelled')`,
  },
  {
    id: 'ROL-10',
    guarantee: 'both servers of a move are of its farm role',
    sql: `
      SELECT rs.rollout_id, rs.server_id, s.id, s.farm_role_id FROM rollout_servers rs
      JOIN servers s ON s.id IN (rs.server_id, rs.new_server_id)
      WHERE (s.farm_role_id, s.farm_id, s.account_id, s.environment_id)
        IS DISTINCT FROM (rs.farm_role_id, rs.farm_id, rs.account_id, rs.environment_id) AND NOT ${isOfGroup}`,
  },
  {
    id: 'ROL-11',
    guarantee: 'a server that a move has brought on its way has its next step queued',
    sql: `
      SELECT rs.rollout_id, s.id, s.status FROM rollout_servers rs
      JOIN servers s ON s.id IN (rs.server_id, rs.new_server_id) AND s.status IN ${onItsWay}
      WHERE rs.state IN ${underWay} AND NOT EXISTS (
        SELECT FROM outbox o WHERE o.kind = 'server-step' AND o.subject = s.id::text AND o.done_at IS NULL)`,
  },
  {
    id: 'ROL-12',
    guarantee:
      'only observed farms are moved by their groups, and each group that is under way has its job',
    sql: `
      SELECT 'not observed' AS wrong, rg.rollout_id, rg.farm_role_id FROM rollout_groups rg
      JOIN farms f ON f.id = rg.farm_id WHERE NOT EXISTS (SELECT FROM observed_farms o WHERE o.farm_id = f.id)
      UNION ALL
      SELECT 'no job', rg.rollout_id, rg.farm_role_id FROM rollout_groups rg WHERE rg.state = 'moving' AND NOT EXISTS (
        SELECT FROM outbox o WHERE o.kind = 'group-move' AND o.subject = concat(rg.rollout_id, ' ', rg.farm_role_id)
          AND o.done_at IS NULL)`,
  },
  {
    id: 'ROL-13',
    guarantee:
      'a rollout that has ended has no open groups, a group that failed has stopped its rollout',
    sql: `
      SELECT p.id, p.state, rg.farm_role_id, rg.state AS move FROM rollouts p JOIN rollout_groups rg ON rg.rollout_id = p.id
      WHERE (p.state = 'done' AND rg.state IN ${openGroup}) OR (p.state = 'cancelled' AND rg.state IN ('waiting', 'failed'))
        OR (p.state IN ('running', 'paused') AND rg.state = 'failed')`,
  },
  {
    id: 'ROL-14',
    guarantee: 'a group whose move has ended has no servers that wait for it',
    sql: `
      SELECT rg.rollout_id, rs.server_id, rs.state, rg.state AS move FROM rollout_groups rg
      JOIN rollout_servers rs ON (rs.rollout_id, rs.farm_role_id) = (rg.rollout_id, rg.farm_role_id)
      WHERE rg.state IN ('moved', 'ended') AND rs.state IN ${open}`,
  },
];
