import { z } from 'zod';
import { bounded } from '../fields.ts';

/** What a policy is about: docs/domain.md, "Policies". */
export const policyKinds = ['deprecate', 'delete', 'names', 'roles'] as const;
export type PolicyKind = (typeof policyKinds)[number];

/** Names that a policy looks at. */
export const namedObjects = ['images', 'roles', 'both'] as const;

const days = z
  .int('must be a whole number of days')
  .min(0, 'must be 0 or more')
  .max(3_650, 'must be at most 3650 days');
const newest = z
  .int('must be a whole number')
  .min(0, 'must be 0 or more')
  .max(1_000, 'must be at most 1000');

/** The members of all rules; each kind has its own, and the others are left out. */
export const ruleMembers = {
  /** Since they were registered. */
  olderThanDays: days.nullable(),
  /** So many of each line and place are never touched. */
  keepNewest: newest.nullable(),
  unusedForDays: days,
  /** Only what is deprecated is deleted. */
  deprecatedOnly: z.boolean(),
  /** Deletes the machine images too. */
  fromCloud: z.boolean(),
  /** Placeholders and words between dashes: `{software}-{version}`. */
  template: bounded(200, 1),
  objects: z.enum(namedObjects),
  deprecatedForDays: days,
};

type Member<Name extends keyof typeof ruleMembers> = z.output<(typeof ruleMembers)[Name]>;

export interface DeprecateRule {
  olderThanDays: Member<'olderThanDays'>;
  keepNewest: Member<'keepNewest'>;
}

export interface DeleteRule {
  unusedForDays: Member<'unusedForDays'>;
  keepNewest: number;
  deprecatedOnly: Member<'deprecatedOnly'>;
  fromCloud: Member<'fromCloud'>;
}

export interface NamesRule {
  template: Member<'template'>;
  objects: Member<'objects'>;
}

export interface RolesRule {
  deprecatedForDays: Member<'deprecatedForDays'>;
}

/** The rule of a policy with everything said; without the kind, as the database and the wire have it. */
export type PolicyRule =
  | ({ kind: 'deprecate' } & DeprecateRule)
  | ({ kind: 'delete' } & DeleteRule)
  | ({ kind: 'names' } & NamesRule)
  | ({ kind: 'roles' } & RolesRule);

/** The members that the rule of each kind has. */
export const membersOfKind: Record<PolicyKind, readonly (keyof typeof ruleMembers)[]> = {
  deprecate: ['olderThanDays', 'keepNewest'],
  delete: ['unusedForDays', 'keepNewest', 'deprecatedOnly', 'fromCloud'],
  names: ['template', 'objects'],
  roles: ['deprecatedForDays'],
};

/** A rule as it is answered, and as it is sent: what is left out has a default, or stays as it is. */
export const ruleSchema = z.strictObject(z.object(ruleMembers).partial().shape);
export type PolicyRuleInput = z.output<typeof ruleSchema>;

type NullableShape<S extends Record<string, z.ZodType>> = { [K in keyof S]: z.ZodNullable<S[K]> };

/** As records have it: each member, null where the kind has none. */
export const recordedRuleSchema = z.object(
  Object.fromEntries(
    Object.entries(ruleMembers).map(([name, schema]) => [name, z.nullable(schema)]),
  ) as NullableShape<typeof ruleMembers>,
);
export type RecordedRule = z.output<typeof recordedRuleSchema>;
