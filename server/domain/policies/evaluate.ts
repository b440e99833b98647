import type { Coverage } from '../inventory/image-use.ts';
import { type DeletableImage, findDeletions } from './delete.ts';
import { findDeprecations } from './deprecate.ts';
import type { Finding } from './findings.ts';
import { findNames, findOldRoles, type NamedSubject, type RoleWithOldImage } from './reports.ts';
import type { PolicyRule } from '#contract/policies/rules.ts';
import type { PolicyImage } from './standing.ts';

/** What each kind of rule looks at, all of it that is within reach of the policy. */
export interface PolicyFacts {
  deprecate: { images: readonly PolicyImage[] };
  delete: { images: readonly DeletableImage[]; coverage: ReadonlyMap<string, Coverage> };
  names: { named: readonly NamedSubject[] };
  roles: { roles: readonly RoleWithOldImage[] };
}

type Given = {
  [Kind in PolicyRule['kind']]: { kind: Kind } & PolicyFacts[Kind];
}[PolicyRule['kind']];

/**
 * What a rule says of everything in reach. The one function that a shown evaluation, the loop that looks whether
 * something is due, and the run that carries it out all ask: docs/domain.md, "Policies".
 * @param facts of the kind of the rule
 * @returns a finding for each subject, in the order of the facts
 */
export function evaluateRule(rule: PolicyRule, facts: Given, now: Date): Finding[] {
  if (rule.kind === 'deprecate' && facts.kind === 'deprecate')
    return findDeprecations(rule, facts.images, now);
  if (rule.kind === 'delete' && facts.kind === 'delete')
    return findDeletions(rule, facts.images, { coverage: facts.coverage, now });
  if (rule.kind === 'names' && facts.kind === 'names') return findNames(rule, facts.named);
  if (rule.kind === 'roles' && facts.kind === 'roles') return findOldRoles(rule, facts.roles, now);
  throw new Error(`A rule of the kind ${rule.kind} was given facts for ${facts.kind}`);
}

export type { Given as FactsOfKind };
