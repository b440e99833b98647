import {
  afterDays,
  dayOf,
  daysInWords,
  dueFrom,
  type Finding,
  kept,
  type Subject,
} from './findings.ts';
import { fitsTemplate, readTemplate } from './names.ts';
import type { NamesRule, RolesRule } from '#contract/policies/rules.ts';

/** A version of an image, or a Role. */
export interface NamedSubject extends Subject {
  kind: 'imageSet' | 'role';
  added_at: Date;
}

/** Which names are not made as a pattern says. */
export function findNames(
  { template: text }: NamesRule,
  named: readonly NamedSubject[],
): Finding[] {
  const template = readTemplate(text);
  return named.map((subject) => {
    if ('code' in template || fitsTemplate(subject.name, template))
      return kept(subject, 'fits', `Its name is made as ${text}.`);
    const why = `Its name is not made as ${text}.`;
    return { subject, verdict: 'due', dueAt: subject.added_at, code: 'name', why };
  });
}

/** A Role that holds an image which is deprecated in the Role's scope. */
export interface RoleWithOldImage extends Subject {
  kind: 'role';
  image_name: string;
  deprecated_at: Date;
}

/** Which Roles hold an image that has been deprecated for so many days. */
export function findOldRoles(
  { deprecatedForDays }: RolesRule,
  roles: readonly RoleWithOldImage[],
  now: Date,
): Finding[] {
  return roles.map((role) => {
    const { image_name: image, deprecated_at: since } = role;
    const why = `It holds "${image}", deprecated on ${dayOf(since)}; it has ${daysInWords(deprecatedForDays)} to get another.`;
    return dueFrom(role, afterDays(since, deprecatedForDays), now, {
      code: 'deprecatedImage',
      why,
    });
  });
}
