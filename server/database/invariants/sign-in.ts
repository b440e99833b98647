import type { Invariant } from './invariant.ts';

/** How people sign in, and that they did. */
export const signInInvariants: Invariant[] = [
  {
    id: 'SGN-01',
    guarantee: 'a password is kept as argon2id makes it, and in no other form',
    sql: `
      SELECT user_id FROM passwords
      WHERE hash !~ '^[$]argon2id[$]v=19[$]m=[0-9]+,t=[0-9]+,p=[0-9]+[$][A-Za-z0-9+/]{22}[$][A-Za-z0-9+/]{43}$'`,
  },
  {
    id: 'SGN-02',
    guarantee: 'who signed in is a user',
    sql: `SELECT id, at, email FROM sign_ins WHERE outcome = 'signed-in' AND user_id IS NULL`,
  },
  {
    id: 'SGN-03',
    guarantee: 'a user is one person at each provider',
    sql: `
      SELECT user_id, issuer, count(*) FROM user_identities GROUP BY user_id, issuer HAVING count(*) > 1`,
  },
  {
    id: 'SGN-04',
    guarantee: 'who has a passkey asked for after their password has one',
    sql: `
      SELECT id, email FROM users u WHERE second_step
        AND NOT EXISTS (SELECT FROM passkeys p WHERE p.user_id = u.id)`,
  },
];
