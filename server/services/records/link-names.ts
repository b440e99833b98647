import {
  fetchObjectNames,
  type ObjectName,
} from '../../database/queries/records/operation-parts.ts';
import type { Difference } from '../../domain/differences.ts';
import type { Context } from '../context.ts';

/** What the members of recorded objects link to; `replacement` is an object of the same kind that is recommended. */
const kindOfLink: Record<string, string> = {
  os: 'os',
  category: 'roleCategory',
  image: 'image',
  roleImage: 'image',
  oldImage: 'image',
  newImage: 'image',
  role: 'role',
  farm: 'farm',
  farmRole: 'farmRole',
  project: 'project',
  costCenter: 'costCenter',
  credentials: 'cloudCredentials',
  environment: 'environment',
  owner: 'user',
  user: 'user',
  launchedBy: 'user',
};

/** A value of the log in which every link has the name that its object has now, if it is there. */
export async function nameLinks(
  ctx: Context,
  changes: readonly { kind: string; differences: readonly Difference[] }[],
): Promise<Difference[][]> {
  const wanted = new Map<string, ObjectName>();
  const note = (kind: string, id: unknown) => {
    if (isSoundId(id)) wanted.set(`${kind}:${id}`, { kind, id: String(id) });
    return undefined;
  };
  eachOf(changes, note);
  const names = await fetchObjectNames(ctx.tx, [...wanted.values()]);
  return eachOf(changes, (kind, id) => names.get(`${kind}:${String(id)}`));
}

type NameOf = (kind: string, id: unknown) => string | undefined;

function eachOf(
  changes: readonly { kind: string; differences: readonly Difference[] }[],
  nameOf: NameOf,
): Difference[][] {
  return changes.map(({ kind, differences }) =>
    differences.map(({ member, before, after }) => ({
      member,
      before: withNames(kind, member, before, nameOf),
      after: withNames(kind, member, after, nameOf),
    })),
  );
}

function withNames(kind: string, member: string, value: unknown, nameOf: NameOf): unknown {
  if (Array.isArray(value)) return value.map((one) => withNames(kind, member, one, nameOf));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  if ('id' in value && members.length === 1) {
    const linked = kindOfLink[member] ?? (member === 'replacement' ? kind : undefined);
    const name = linked === undefined ? undefined : nameOf(linked, value.id);
    return name === undefined || name === '' ? value : { ...value, name };
  }
  return Object.fromEntries(
    members.map(([inner, one]) => [inner, withNames(kind, inner, one, nameOf)]),
  );
}

function isSoundId(id: unknown): id is string | number {
  return typeof id === 'string' || typeof id === 'number';
}
