import type { Policy } from '#contract/policies/policies.ts';
import { membersOfKind } from '#contract/policies/rules.ts';
import type { PolicyKind, PolicyRuleInput } from '#contract/policies/rules.ts';

/** What is typed; numbers are text until they are sent. */
export interface PolicyValues {
  kind: PolicyKind;
  name: string;
  description: string;
  reach: Policy['reach'];
  olderThanDays: string;
  keepNewest: string;
  unusedForDays: string;
  deprecatedOnly: boolean;
  fromCloud: boolean;
  template: string;
  objects: NonNullable<PolicyRuleInput['objects']>;
  deprecatedForDays: string;
}

export const initialValues: PolicyValues = {
  kind: 'deprecate',
  name: '',
  description: '',
  reach: 'scope',
  olderThanDays: '180',
  keepNewest: '2',
  unusedForDays: '90',
  deprecatedOnly: true,
  fromCloud: false,
  template: '{software}-{version}',
  objects: 'images',
  deprecatedForDays: '30',
};

const text = (value: number | null | undefined, fallback: string) =>
  value === undefined ? fallback : value === null ? '' : String(value);

export function valuesOf({ kind, name, description, reach, rule }: Policy): PolicyValues {
  return {
    kind,
    name,
    description,
    reach,
    olderThanDays: text(rule.olderThanDays, initialValues.olderThanDays),
    keepNewest: text(rule.keepNewest, initialValues.keepNewest),
    unusedForDays: text(rule.unusedForDays, initialValues.unusedForDays),
    deprecatedOnly: rule.deprecatedOnly ?? initialValues.deprecatedOnly,
    fromCloud: rule.fromCloud ?? initialValues.fromCloud,
    template: rule.template ?? initialValues.template,
    objects: rule.objects ?? initialValues.objects,
    deprecatedForDays: text(rule.deprecatedForDays, initialValues.deprecatedForDays),
  };
}

const numbers = ['olderThanDays', 'keepNewest', 'unusedForDays', 'deprecatedForDays'] as const;
const mayBeLeftOut = new Set(['olderThanDays', 'keepNewest']);

/** Only what the kind has is sent; what is left empty asks for nothing. */
export function ruleOf(values: PolicyValues): PolicyRuleInput {
  const all = {
    ...values,
    ...Object.fromEntries(
      numbers.map((name) => [name, values[name].trim() === '' ? null : Number(values[name])]),
    ),
  };
  return Object.fromEntries(
    membersOfKind[values.kind].map((name) => [name, all[name]]),
  ) as PolicyRuleInput;
}

/** The first thing that is wrong with each field that is asked for. */
export function validate(values: PolicyValues): Record<string, string> {
  const asked = new Set<string>(membersOfKind[values.kind]);
  const wrong = numbers
    .filter((name) => asked.has(name))
    .flatMap((name) => {
      const typed = values[name].trim();
      const mayBeEmpty = mayBeLeftOut.has(name) && values.kind === 'deprecate';
      if (typed === '' && mayBeEmpty) return [];
      return /^[0-9]{1,4}$/.test(typed)
        ? []
        : [[name, 'Type a whole number, such as 30.'] as const];
    });
  return Object.fromEntries([
    ...(values.name.trim() === '' ? [['name', 'Type a name first.'] as const] : []),
    ...wrong,
  ]);
}

/** The field that shows an error of the server on a member of the body. */
export function fieldOf(member: string | undefined): string | undefined {
  const name = member?.replace(/^rule\./, '');
  return name !== undefined && name in initialValues ? name : undefined;
}
