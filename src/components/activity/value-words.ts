import { scopeLabel } from '#contract/scope.ts';
import type { Scope } from '#contract/scope.ts';

import { capitalized } from '../../util/format.ts';

/** What members are called, where it is not their name in words. */
const labels: Record<string, string> = {
  os: 'OS',
  osName: 'OS',
  cloudPlatform: 'Cloud',
  cloudLocation: 'Location',
  cloudImageId: 'Cloud image id',
  scalrAgentInstalled: 'Agent installed',
  cloudInitInstalled: 'cloud-init installed',
  useScalrAgent: 'Uses the agent',
  statusError: 'Error',
  lock: 'Locked',
  roleImage: 'Image of the role',
};

/** `cloudImageId` as people read it: `Cloud image id`. */
export function memberLabel(member: string): string {
  if (Object.hasOwn(labels, member)) return labels[member] ?? member;
  const words = member.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return capitalized(words);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One value of the log in a few words; nothing for nothing. */
export function valueWords(member: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (member === 'scope' && typeof value === 'string' && value in scopeLabel)
    return scopeLabel[value as Scope];
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    return value.map((one) => valueWords(member, one)).join(', ');
  }
  if (isObject(value)) return objectWords(value);
  return typeof value === 'string' ? timeWords(value) : JSON.stringify(value);
}

/** A link by its name; of anything else, its members. */
function objectWords(value: Record<string, unknown>): string {
  const { id, name } = value;
  if (typeof name === 'string') return name;
  const isId = typeof id === 'string' || typeof id === 'number';
  if (isId && Object.keys(value).length === 1) return String(id);
  return Object.entries(value)
    .filter(([, one]) => one !== null)
    .map(([member, one]) => `${memberLabel(member).toLowerCase()} ${valueWords(member, one)}`)
    .join(', ');
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

function timeWords(text: string): string {
  return isoTime.test(text) ? `${text.slice(0, 10)} ${text.slice(11, 16)} UTC` : text;
}

/** A line of a difference, as people read it. */
export interface DifferenceLine {
  label: string;
  before?: string;
  after?: string;
}

/**
 * What a change of one member says: of a list what came and went, of an object the members that differ.
 * @param label what the member is called
 */
export function differenceLines(
  { member, before, after }: { member: string; before: unknown; after: unknown },
  label = memberLabel(member),
): DifferenceLine[] {
  if (Array.isArray(before) && Array.isArray(after)) return listLines(member, label, before, after);
  if (isObject(before) && isObject(after) && !('id' in before) && !('id' in after)) {
    const members = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return members.flatMap((inner) => {
      const [was, is] = [before[inner] ?? null, after[inner] ?? null];
      if (JSON.stringify(was) === JSON.stringify(is)) return [];
      const name = `${label}: ${memberLabel(inner).toLowerCase()}`;
      return differenceLines({ member: inner, before: was, after: is }, name);
    });
  }
  return [{ label, before: valueWords(member, before), after: valueWords(member, after) }];
}

function listLines(
  member: string,
  label: string,
  before: readonly unknown[],
  after: readonly unknown[],
): DifferenceLine[] {
  const had = new Set(before.map((one) => JSON.stringify(one)));
  const has = new Set(after.map((one) => JSON.stringify(one)));
  const words = (some: readonly unknown[]) => (some.length === 0 ? [] : [valueWords(member, some)]);
  const added = words(after.filter((one) => !had.has(JSON.stringify(one))));
  const gone = words(before.filter((one) => !has.has(JSON.stringify(one))));
  return [
    ...added.map((after) => ({ label: `${label}: added`, after })),
    ...gone.map((before) => ({ label: `${label}: removed`, before })),
  ];
}
