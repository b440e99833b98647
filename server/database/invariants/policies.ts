import type { Invariant } from './invariant.ts';

/** What policies may do, and what is said of what they did. */
export const policyInvariants: Invariant[] = [
  {
    id: 'POL-01',
    guarantee: 'an evaluation counts what it found, and what was done',
    sql: `
      SELECT v.id, v.policy_id FROM policy_evaluations v
      LEFT JOIN (SELECT evaluation_id, count(*) FILTER (WHERE verdict = 'due') AS due,
        count(*) FILTER (WHERE verdict = 'later') AS later, count(*) FILTER (WHERE verdict = 'kept') AS kept,
        count(*) FILTER (WHERE done) AS done FROM policy_findings GROUP BY 1) f ON f.evaluation_id = v.id
      WHERE (v.due, v.later, v.kept, coalesce(v.done, 0))
        <> (coalesce(f.due, 0), coalesce(f.later, 0), coalesce(f.kept, 0), coalesce(f.done, 0))`,
  },
  {
    id: 'POL-02',
    guarantee: 'a policy that is enforced was evaluated as it is',
    sql: `
      SELECT p.id, p.name FROM policies p WHERE p.mode = 'enforce' AND NOT EXISTS (
        SELECT FROM policy_evaluations v WHERE v.policy_id = p.id AND v.rule = p.rule AND v.reach = p.reach)`,
  },
  {
    id: 'POL-03',
    guarantee: 'a policy about what roles hold only reports',
    sql: `SELECT id, name FROM policies WHERE kind = 'roles' AND mode = 'enforce'`,
  },
  {
    id: 'POL-04',
    guarantee: 'what is protected is not deleted',
    sql: `
      SELECT id, name, protected_by FROM images
      WHERE protected_at IS NOT NULL AND status = 'pending_delete'`,
  },
  {
    id: 'POL-05',
    guarantee: 'a policy that deletes keeps the newest of each line',
    sql: `SELECT id, name FROM policies WHERE kind = 'delete' AND coalesce((rule ->> 'keepNewest')::int < 1, true)`,
  },
];
