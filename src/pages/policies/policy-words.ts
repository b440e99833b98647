import type { FindingVerdict, PolicyFinding } from '#contract/policies/evaluations.ts';
import type { Policy, PolicyMode } from '#contract/policies/policies.ts';
import type { PolicyKind } from '#contract/policies/rules.ts';

import { formatQuantity } from '../../util/format.ts';

export const kindWord: Record<PolicyKind, string> = {
  deprecate: 'Deprecate old versions',
  delete: 'Delete unused images',
  names: 'Names',
  roles: 'Old images in roles',
};

export const modeWord: Record<PolicyMode, string> = { audit: 'Audit', enforce: 'Enforced' };

export const reachWord: Record<Policy['reach'], string> = {
  scope: 'This scope alone',
  below: 'This scope and all below',
};

export const verdictWord: Record<FindingVerdict, string> = {
  due: 'Due',
  later: 'Later',
  kept: 'Stays',
};

export const findingKindWord: Record<PolicyFinding['kind'], string> = {
  image: 'Image',
  imageSet: 'Version',
  role: 'Role',
};

/** What a rule says, in a sentence without its end. */
export function ruleWords({ kind, rule }: Pick<Policy, 'kind' | 'rule'>): string {
  const { olderThanDays, keepNewest, unusedForDays = 0, template = '' } = rule;
  const newest =
    keepNewest == null || keepNewest === 0
      ? undefined
      : keepNewest === 1
        ? 'the newest of a line stays'
        : `the newest ${keepNewest} of a line stay`;
  if (kind === 'names') return `Names are made as ${template}`;
  if (kind === 'roles')
    return `Roles that have held a deprecated image for ${formatQuantity(rule.deprecatedForDays ?? 0, 'day')}`;
  const what =
    kind === 'delete'
      ? `${rule.deprecatedOnly === true ? 'Deprecated and unused' : 'Unused'} for ${formatQuantity(unusedForDays, 'day')}${rule.fromCloud === true ? ', from the cloud too' : ''}`
      : olderThanDays == null
        ? 'Superseded'
        : `Older than ${formatQuantity(olderThanDays, 'day')}`;
  return newest === undefined ? what : `${what}; ${newest}`;
}

/** What carrying it out does, as the end of a sentence that begins with how many. */
export function effectWords(kind: PolicyKind, isOne: boolean): string {
  if (kind === 'deprecate') return isOne ? 'is deprecated' : 'are deprecated';
  return isOne ? 'is deleted' : 'are deleted';
}
