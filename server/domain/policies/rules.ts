import {
  membersOfKind,
  type PolicyKind,
  type PolicyRule,
  type PolicyRuleInput,
} from '#contract/policies/rules.ts';
import type { Refusal } from '../refusal.ts';
import { readTemplate } from './names.ts';

// What policies may say: docs/domain.md, "Policies".

const defaults = {
  deprecate: { olderThanDays: null, keepNewest: 1 },
  delete: { unusedForDays: 90, keepNewest: 1, deprecatedOnly: false, fromCloud: false },
  names: { template: '{software}-{version}', objects: 'images' },
  roles: { deprecatedForDays: 30 },
} as const satisfies Record<PolicyKind, PolicyRuleInput>;

/**
 * The rule that a body asks for.
 * @param before the rule as it is; what the body leaves out stays, and is the default where there is none
 */
export function planRule(
  kind: PolicyKind,
  given: PolicyRuleInput,
  before?: PolicyRuleInput,
): PolicyRule | Refusal {
  const foreign = Object.keys(given).find(
    (name) => !(membersOfKind[kind] as readonly string[]).includes(name),
  );
  if (foreign !== undefined)
    return invalid(
      foreign,
      `A policy of the kind "${kind}" has no ${foreign}. It has ${membersOfKind[kind].join(', ')}.`,
    );
  const rule = { kind, ...defaults[kind], ...before, ...given } as PolicyRule;
  return findRuleRefusal(rule) ?? rule;
}

function findRuleRefusal(rule: PolicyRule): Refusal | undefined {
  if (rule.kind === 'deprecate' && rule.olderThanDays === null && rule.keepNewest === null)
    return invalid('olderThanDays', 'Say after how many days, or how many of the newest stay.');
  // Whatever happens, the newest image of a line is there to start servers from.
  if (rule.kind === 'delete' && (rule.keepNewest ?? 0) < 1)
    return invalid('keepNewest', 'keepNewest must be 1 or more: the newest is never deleted.');
  if (rule.kind === 'names') {
    const template = readTemplate(rule.template);
    if ('code' in template) return template;
  }
  return undefined;
}

const invalid = (member: string, reason: string): Refusal => ({
  code: 'InvalidValue',
  field: `rule.${member}`,
  reason,
});

/** Kinds that can be carried out: the others report, and the names of new objects are refused. */
export function changesImages(rule: PolicyRule): boolean {
  return rule.kind === 'deprecate' || rule.kind === 'delete';
}

/** Why a policy of a kind can never be enforced. */
export function findEnforcementRefusal(kind: PolicyKind): Refusal | undefined {
  if (kind !== 'roles') return undefined;
  return {
    code: 'UnacceptableState',
    reason:
      'A policy about roles only reports: what a role holds is changed by replacing its images. Replace them, or write to the owners.',
  };
}
