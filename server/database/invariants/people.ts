import { type Invariant, isVisible } from './invariant.ts';

/** Teams, and what people and teams hold. */
export const peopleInvariants: Invariant[] = [
  {
    id: 'PPL-01',
    guarantee: 'a right belongs to one user or to one team',
    sql: `SELECT id, user_id, team_id FROM grants WHERE num_nonnulls(user_id, team_id) <> 1`,
  },
  {
    id: 'PPL-02',
    guarantee: 'a team holds rights at its own scope and below it, nowhere else',
    sql: `
      SELECT g.id, t.name FROM grants g LEFT JOIN teams t ON t.id = g.team_id
      WHERE g.team_id IS NOT NULL AND NOT ${isVisible('t', 'g')}`,
  },
  {
    id: 'PPL-03',
    guarantee: 'who has left holds no right, is in no team, signs in no more, and owns no farm',
    sql: `
      SELECT u.id, u.email, held.what FROM users u JOIN (
        SELECT user_id, 'right' AS what FROM grants
        UNION ALL SELECT user_id, 'team' FROM team_members
        UNION ALL SELECT user_id, 'session' FROM sessions
        UNION ALL SELECT user_id, 'key' FROM api_keys
        UNION ALL SELECT user_id, 'passkey' FROM passkeys
        UNION ALL SELECT owner_id, 'farm' FROM farms) held ON held.user_id = u.id
      WHERE u.status = 'left'`,
  },
];
