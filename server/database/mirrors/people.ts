import { byItself, link, type Mirror, place, placeIsGone, time } from './mirror.ts';

export const userMirror: Mirror<'user'> = {
  from: 'users u',
  id: 'u.id',
  members: {
    id: 'u.id',
    email: 'u.email',
    name: 'u.name',
    status: 'u.status',
    secondStep: 'u.second_step',
    version: 'u.version',
  },
};

export const grantMirror: Mirror<'grant'> = {
  from: 'grants g',
  id: 'g.id',
  members: {
    id: 'g.id',
    role: 'g.role',
    ...place('g'),
    user: link('g.user_id'),
    team: link('g.team_id'),
    created: time('g.created_at'),
    createdBy: 'g.created_by',
  },
};

export const teamMirror: Mirror<'team'> = {
  from: 'teams t',
  id: 't.id',
  members: {
    id: 't.id',
    name: 't.name',
    externalGroup: 't.external_group',
    ...place('t'),
    added: time('t.created_at'),
    createdBy: 't.created_by',
    version: 't.version',
  },
};

export const teamMemberMirror: Mirror<'teamMember'> = {
  from: 'team_members m',
  id: `m.team_id || '/' || m.user_id`,
  members: {
    id: `m.team_id || '/' || m.user_id`,
    team: link('m.team_id'),
    user: link('m.user_id'),
    source: 'm.source',
  },
};

export const apiKeyMirror: Mirror<'apiKey'> = {
  from: 'api_keys k',
  id: 'k.id',
  members: {
    ...place('k'),
    id: 'k.id',
    name: 'k.name',
    active: 'k.active',
    readOnly: 'k.read_only',
    expires: time('k.expires_at'),
    created: time('k.created_at'),
    lastUsed: byItself,
    lastUsedFrom: byItself,
    user: link('k.user_id'),
    version: 'k.version',
  },
};

export const passkeyMirror: Mirror<'passkey'> = {
  from: 'passkeys p',
  id: 'p.id',
  members: {
    id: 'p.id',
    user: link('p.user_id'),
    name: 'p.name',
    host: 'p.rp_id',
    synced: byItself,
    created: time('p.created_at'),
    version: 'p.version',
  },
};

export const subscriptionMirror: Mirror<'subscription'> = {
  from: 'subscriptions s',
  id: 's.id',
  members: {
    ...place('s'),
    id: 's.id',
    events: 'to_jsonb(s.events)',
    channel: 's.channel',
    active: 's.active',
    created: time('s.created_at'),
    host: `substring(s.url from '^https?://([^/?#]*)')`,
    user: link('s.user_id'),
    version: 's.version',
  },
  // It ends with what it is about.
  mayGo: placeIsGone,
};
