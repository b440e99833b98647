import { byItself, link, type Mirror, placeIsGone, time } from './mirror.ts';

const ofImages = { because: 'it tells of images, roles and servers, which say so themselves' };

const placed = (alias: string) => ({
  scope: `${alias}.scope`,
  accountId: `${alias}.account_id`,
  envId: `${alias}.environment_id`,
});

export const replacementMirror: Mirror<'replacement'> = {
  from: 'replacements p',
  id: 'p.id',
  // Plans are forgotten a week after their time was over, and what was done with an environment that is deleted.
  mayGo: `state ->> 'state' <> 'applied' OR ${placeIsGone} OR EXISTS (
    SELECT FROM jsonb_array_elements(state -> 'pairs') pair, unnest(ARRAY['oldImage', 'newImage']) side
    WHERE NOT EXISTS (SELECT FROM images i WHERE i.id::text = pair #>> ARRAY[side, 'id']))`,
  members: {
    id: 'p.id',
    ...placed('p'),
    state: { because: 'a plan expires, and what is rolled back is so by what others did' },
    at: time('p.at'),
    by: 'p.by',
    reason: 'p.reason',
    planned: { because: 'a plan that is made anew before it is applied is no change' },
    reach: 'p.reach',
    pairs: ofImages,
    oldImage: ofImages,
    newImage: ofImages,
    deprecatedOldImage: ofImages,
    roles: ofImages,
    rollsBack: { because: 'what it rolled back goes with its environment' },
    rolledBackBy: byItself,
    rollBacks: byItself,
    version: 'p.version',
  },
};

export const rolloutMirror: Mirror<'rollout'> = {
  from: 'rollouts o',
  id: 'o.id',
  // Plans are forgotten a week after their time was over.
  mayGo: `state ->> 'started' IS NULL OR ${placeIsGone}`,
  members: {
    id: 'o.id',
    ...placed('o'),
    state: byItself,
    target: `jsonb_build_object('id', o.target -> 'id')`,
    replacement: link('o.replacement_id'),
    settings: 'o.settings',
    at: time('o.at'),
    by: 'o.by',
    reason: 'o.reason',
    expiresAt: byItself,
    started: time('o.started_at'),
    startedBy: 'o.started_by',
    ended: byItself,
    failures: byItself,
    cloudWords: byItself,
    undoes: link('o.undoes_id'),
    undoneBy: byItself,
    version: byItself,
  },
};
