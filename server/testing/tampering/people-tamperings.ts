import { edit, quietly, remove } from './tampering.ts';

/** Edits of people, of what they may do, and of what they did, past the log. */
export const peopleEdits: [name: string, act: string][] = [
  // Who may do what.
  [
    'a right made that of an administrator',
    edit('grants', `role = 'administrator'`, `role = 'viewer'`),
  ],
  [
    'the right of an administrator made less',
    edit('grants', `role = 'viewer'`, `role = 'administrator'`),
  ],
  [
    'a right moved up to Corporate',
    edit('grants', `scope = 'scalr', account_id = NULL, environment_id = NULL`, `role = 'viewer'`),
  ],
  [
    'a right given to somebody else',
    edit('grants', 'user_id = (SELECT min(id) FROM users)', `role = 'viewer'`),
  ],
  ['who gave a right', edit('grants', `created_by = 'other@example.com'`, 'team_id IS NOT NULL')],
  [
    'a right slipped in',
    `INSERT INTO grants (user_id, role, scope) SELECT id, 'administrator', 'scalr' FROM users WHERE email = 'ann@example.com'`,
  ],
  ['a right taken out', remove('grants', 'team_id IS NOT NULL')],
  [
    'the address of a user',
    edit('users', `email = 'evil@example.com'`, `email = 'ann@example.com'`),
  ],
  ['the name of a user', edit('users', `name = 'other'`, `email = 'ann@example.com'`)],
  [
    'a user who is suspended, restored',
    edit('users', `status = 'active', suspended_at = NULL`, `email = 'bob@example.com'`),
  ],
  ['a second step switched off', edit('users', 'second_step = false', 'second_step')],
  ['a second step switched on', edit('users', 'second_step = true', `email = 'ann@example.com'`)],
  ['a user slipped in', `INSERT INTO users (email, name) VALUES ('evil@example.com', 'evil')`],
  ['a user taken out', remove('users', `email = 'bob@example.com'`)],
  ['where somebody is told', edit('subscriptions', `url = 'https://evil.example.com/x'`)],
  ['what somebody is told of', edit('subscriptions', `events = '{rolloutStopped}'`)],
  ['that somebody is told', edit('subscriptions', 'active = false')],
  ['what somebody is told of, taken out', remove('subscriptions')],
  ['the group that leads into a team', edit('teams', `external_group = 'everybody'`)],
  ['the scope of a team', edit('teams', `scope = 'scalr', account_id = NULL`)],
  [
    'a member slipped into a team',
    `INSERT INTO team_members (team_id, user_id) SELECT t.id, u.id FROM teams t, users u WHERE u.email = 'bob@example.com'`,
  ],
  ['a member taken out of a team', remove('team_members')],
  ['how somebody came into a team', edit('team_members', `source = 'oidc'`)],
  [
    'whose an API key is',
    edit('api_keys', `user_id = (SELECT id FROM users WHERE email = 'ann@example.com')`),
  ],
  ['that an API key is disabled', edit('api_keys', 'active = NOT active')],
  ['that an API key may change nothing', edit('api_keys', 'read_only = NOT read_only')],
  ['when an API key ends', edit('api_keys', `expires_at = now() + interval '1 day'`)],
  [
    'what an API key reaches',
    quietly(`UPDATE api_keys SET scope = 'account', account_id = (SELECT min(id) FROM accounts)`),
  ],
  [
    'an API key slipped in',
    quietly(
      `INSERT INTO api_keys (id, user_id, name, sealed_secret) SELECT 'APIK' || repeat('A', length(id) - 4), user_id, 'x', sealed_secret FROM api_keys LIMIT 1`,
    ),
  ],
  ['the name of a passkey', edit('passkeys', `name = 'other'`)],
  ['a passkey taken out', remove('passkeys')],
  ['who made a replacement', edit('replacements', `by = 'other@example.com'`)],
  ['a replacement taken out', remove('replacements')],
];
