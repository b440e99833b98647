import { ruleMembers } from '#contract/policies/rules.ts';
import { byItself, type Mirror, place, time } from './mirror.ts';

/** The log names every member of a rule, also those that its kind has not. */
const noRule = Object.keys(ruleMembers).map((name) => `'${name}', NULL`);

export const policyMirror: Mirror<'policy'> = {
  from: 'policies p',
  id: 'p.id',
  members: {
    id: 'p.id',
    ...place('p'),
    kind: 'p.kind',
    name: 'p.name',
    description: 'p.description',
    reach: 'p.reach',
    rule: `jsonb_build_object(${noRule.join(', ')}) || p.rule`,
    mode: 'p.mode',
    modeSet: `CASE WHEN p.mode_at IS NOT NULL THEN jsonb_build_object('by', p.mode_by, 'at', ${time('p.mode_at')}) END`,
    lastRun: byItself,
    added: time('p.added_at'),
    createdBy: 'p.created_by',
    version: 'p.version',
  },
};
