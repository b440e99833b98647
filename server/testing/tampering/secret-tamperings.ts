import { edit, remove, type Tampering } from './tampering.ts';

const secrets: [name: string, by: Tampering['by'], act: string][] = [
  [
    'whose a session is',
    'SEAL',
    edit('sessions', `user_id = (SELECT id FROM users WHERE email = 'ann@example.com')`),
  ],
  ['when a session ends', 'SEAL', edit('sessions', `expires_at = expires_at + interval '1 year'`)],
  ['when a session began', 'SEAL', edit('sessions', `created_at = created_at + interval '1 hour'`)],
  [
    'when a session was confirmed',
    'SEAL',
    edit('sessions', `confirmed_at = confirmed_at + interval '1 hour'`),
  ],
  ['how a session began', 'SEAL', edit('sessions', `way = 'password'`)],
  ['the token of a session', 'SEAL', edit('sessions', `token_hash = sha256('mine')`)],
  [
    'a session slipped in',
    'SEAL',
    `INSERT INTO sessions (token_hash, user_id, expires_at) SELECT sha256('mine'), user_id, expires_at FROM sessions LIMIT 1`,
  ],
  [
    'a session slipped in with the seal of another',
    'SEAL',
    `INSERT INTO sessions (token_hash, user_id, expires_at, seal) SELECT sha256('mine'), user_id, expires_at, seal FROM sessions LIMIT 1`,
  ],
  [
    'whom a sign-in link signs in',
    'SEAL',
    edit('sign_in_links', 'user_id = (SELECT min(id) FROM users)'),
  ],
  [
    'when a sign-in link ends',
    'SEAL',
    edit('sign_in_links', `expires_at = now() + interval '1 year'`),
  ],
  ['that a sign-in link was used', 'SEAL', edit('sign_in_links', 'redeemed_at = now()')],
  [
    'a sign-in link slipped in',
    'SEAL',
    `INSERT INTO sign_in_links (token_hash, user_id, expires_at) SELECT sha256('mine'), min(id), now() + interval '15 minutes' FROM users`,
  ],
  [
    'a password',
    'SEAL',
    edit('passwords', 'hash = overlay(hash placing repeat(chr(99), 43) from length(hash) - 42)'),
  ],
  [
    'whose a password is',
    'SEAL',
    edit('passwords', `user_id = (SELECT id FROM users WHERE email = 'ann@example.com')`),
  ],
  ['when a password was set', 'SEAL', edit('passwords', `set_at = set_at - interval '1 year'`)],
  [
    'a password slipped in',
    'SEAL',
    `INSERT INTO passwords (user_id, hash) SELECT u.id, p.hash FROM users u, passwords p WHERE u.email = 'ann@example.com'`,
  ],
  ['a passkey', 'SEAL', edit('passkeys', `public_key = sha256('mine')`)],
  [
    'whose a passkey is',
    'SEAL',
    edit('passkeys', `user_id = (SELECT id FROM users WHERE email = 'ann@example.com')`),
  ],
  [
    'a passkey slipped in',
    'SEAL',
    `INSERT INTO passkeys (user_id, name, credential_id, rp_id, public_key, counter, transports, synced, seal) SELECT u.id, 'mine', 'mine', p.rp_id, p.public_key, 0, '{}', false, p.seal FROM users u, passkeys p WHERE u.email = 'ann@example.com'`,
  ],
  ['who somebody is at a provider', 'SEAL', edit('user_identities', `subject = 'eve'`)],
  [
    'whom a provider signs in',
    'SEAL',
    edit('user_identities', `user_id = (SELECT id FROM users WHERE email = 'ann@example.com')`),
  ],
  [
    'an identity slipped in',
    'SEAL',
    `INSERT INTO user_identities (issuer, subject, user_id) SELECT issuer, 'eve', id FROM user_identities, users WHERE email = 'ann@example.com'`,
  ],
  ['a kept answer', 'SEAL', edit('answered_requests', `answer = '{}'`)],
  [
    'whose a kept answer is',
    'SEAL',
    edit('answered_requests', 'user_id = (SELECT min(id) FROM users)'),
  ],
  [
    'which request a kept answer is for',
    'SEAL',
    edit('answered_requests', `request_hash = sha256('x')`),
  ],
  [
    'a kept answer slipped in',
    'SEAL',
    `INSERT INTO answered_requests (user_id, key, request_hash, answer) SELECT user_id, 'key:x', request_hash, answer FROM answered_requests LIMIT 1`,
  ],
  [
    'how an attempt to sign in ended',
    'SEAL',
    edit('sign_ins', `outcome = 'wrong-password'`, `outcome = 'suspended'`),
  ],
  [
    'who tried to sign in',
    'SEAL',
    edit('sign_ins', `email = 'other@example.com'`, `outcome = 'wrong-password'`),
  ],
  [
    'where somebody tried to sign in from',
    'SEAL',
    edit('sign_ins', `origin = '203.0.113.5'`, `outcome = 'wrong-password'`),
  ],
  [
    'when somebody tried to sign in',
    'SEAL',
    edit('sign_ins', `at = at - interval '1 day'`, `outcome = 'wrong-password'`),
  ],
  ['an attempt to sign in taken out', 'SEAL', remove('sign_ins', `outcome = 'wrong-password'`)],
  [
    'the last attempt to sign in taken out',
    'HEADS',
    remove('sign_ins', 'number = (SELECT max(number) FROM sign_ins)'),
  ],
  ['all attempts to sign in taken out', 'HEADS', 'DELETE FROM sign_ins'],
  [
    'an attempt to sign in slipped in',
    'SEAL',
    `INSERT INTO sign_ins (way, outcome, email, origin, network) VALUES ('password', 'wrong-password', 'x', '', '')`,
  ],
  [
    'an attempt to sign in slipped into the chain',
    'SEAL',
    `INSERT INTO sign_ins (way, outcome, email, origin, network, number, seal)
    SELECT way, outcome, email, origin, network, number + 1, seal FROM sign_ins ORDER BY number DESC NULLS LAST LIMIT 1`,
  ],
  [
    'the secret of an API key',
    'SECRETS',
    edit('api_keys', `sealed_secret = sealed_secret || '\\x00'`),
  ],
  [
    'all secrets of API keys',
    'SECRETS',
    `UPDATE api_keys SET sealed_secret = sha256('x') || sha256('y')`,
  ],
  [
    'that the application may change the log',
    'RIGHTS',
    'GRANT UPDATE ON operations_log TO slipway_app',
  ],
  ['that everybody may change the log', 'RIGHTS', 'GRANT DELETE ON operations_log TO PUBLIC'],
  [
    'that the application may change one column of the log',
    'RIGHTS',
    'GRANT UPDATE (actor) ON operations_log TO slipway_app',
  ],
  [
    'that the application may let records begin',
    'RIGHTS',
    'GRANT INSERT ON record_begins TO slipway_app',
  ],
  [
    'that the application owns the log',
    'RIGHTS',
    'ALTER TABLE operations_log OWNER TO slipway_app',
  ],
  [
    'that a function works with the rights of its owner',
    'RIGHTS',
    `CREATE FUNCTION lend() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT'`,
  ],
];

export const secretTamperings: Tampering[] = secrets.map(([name, by, act]) => ({ name, by, act }));
