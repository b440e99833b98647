import type { OperationId } from '#contract/operations.ts';
import { operations } from '#contract/operations.ts';
import { kindWords } from '#contract/records/object-kinds.ts';
import { operationWords } from '#contract/records/operation-words.ts';
import type { OperationObjectKind } from '#contract/records/object-kinds.ts';
import type {
  ChangedObject,
  Denial,
  Operation,
  OperationVia,
} from '#contract/records/operations.ts';
import type { DenialRow } from '../../database/queries/records/denials.ts';
import { fetchObjectNames } from '../../database/queries/records/operation-parts.ts';
import type { FirstObject, OperationRow } from '../../database/queries/records/operations.ts';
import type { Context } from '../context.ts';
import { toPlace } from '../present.ts';

/** How many objects of a change are named where it is one of many. */
const fewObjects = 3;

/** Kinds of objects that are somebody's own, as the trigger on the log has them. */
const personalKinds: readonly string[] = [
  'user',
  'grant',
  'apiKey',
  'session',
  'passkey',
  'subscription',
];

/** Whether what is somebody's own is kept from this viewer. */
export type KeepsBack = (kind: string) => boolean;

export function keepsBack(ownOnly: string | undefined, actor: string): KeepsBack {
  return (kind) => ownOnly !== undefined && actor !== ownOnly && personalKinds.includes(kind);
}

/** Operations as the API answers them, with which of their objects are gone: one query for all. */
export async function toOperations(
  ctx: Context,
  rows: readonly OperationRow[],
  ownOnly: string | undefined,
): Promise<Operation[]> {
  const shown = rows.map((row) => {
    const keeps = keepsBack(ownOnly, row.actor);
    const known = row.first.filter(({ object }) => isKnown(object) && !keeps(kindOf(object)));
    return known.slice(0, fewObjects);
  });
  const there = await findThere(ctx, shown.flat());
  return rows.map((row, index) => ({
    ...toOperation(row),
    objects: (shown[index] ?? []).map((one) => toChangedObject(one, there)),
  }));
}

export function toOperation(row: OperationRow): Omit<Operation, 'objects'> {
  const { id, reason, objects, hidden } = row;
  return { id, ...toTrace(row), reason, counts: { objects, hidden } };
}

export function toDenial(row: DenialRow): Denial {
  return {
    id: row.id,
    ...toTrace(row),
    lastAt: row.last_at.toISOString(),
    count: row.count,
    code: row.code,
    message: row.message,
  };
}

type TraceRow = Omit<DenialRow, 'id' | 'last_at' | 'count' | 'code' | 'message'>;

function toTrace(row: TraceRow) {
  return {
    at: row.at.toISOString(),
    operation: row.operation,
    words: wordsFor(row.operation),
    actor: { email: row.actor, id: row.user_id, name: row.user_name },
    via: viaOf(row),
    credential: row.credential === '' ? null : row.credential,
    origin: row.origin === '' ? null : row.origin,
    ...toPlace(row),
  };
}

/** What people call an operation; what only an older Slipway did has no words of its own. */
export function wordsFor(operation: string): string {
  if (Object.hasOwn(operationWords, operation))
    return operationWords[operation as keyof typeof operationWords];
  if (Object.hasOwn(operations, operation)) {
    const { summary } = operations[operation as OperationId];
    return `looked at: ${summary.replace(/\.$/, '')}`;
  }
  return 'changed something in an earlier version of Slipway';
}

function viaOf({ actor, credential }: Pick<TraceRow, 'actor' | 'credential'>): OperationVia {
  if (actor.startsWith('system:')) return 'system';
  if (actor.startsWith('cli:')) return 'cli';
  return credential.startsWith('key:') ? 'key' : 'session';
}

/** The kind in a name of the log, such as `image` in `image:0b6f...`. */
export function kindOf(object: string): string {
  return object.slice(0, object.indexOf(':'));
}

export function isKnown(object: string): boolean {
  return Object.hasOwn(kindWords, kindOf(object));
}

function idOf(object: string): string {
  return object.slice(object.indexOf(':') + 1);
}

/** The images of a role are shown as the role. */
export function subjectOf(object: string): string {
  return object.startsWith('roleImage:') ? `role:${idOf(object).split('/')[0]}` : object;
}

/** Which of these objects are there now, by their names in the log. */
export async function findThere(
  ctx: Context,
  objects: readonly { object: string }[],
): Promise<ReadonlySet<string>> {
  const wanted = objects.map(({ object }) => ({ kind: kindOf(object), id: idOf(object) }));
  return new Set((await fetchObjectNames(ctx.tx, wanted)).keys());
}

export function toChangedObject(
  { object, name, account_id, environment_id }: FirstObject,
  there: ReadonlySet<string>,
): ChangedObject {
  const scope = account_id === null ? 'scalr' : environment_id === null ? 'account' : 'environment';
  return {
    kind: kindOf(object) as OperationObjectKind,
    id: idOf(object),
    name,
    scope,
    accountId: account_id,
    envId: environment_id,
    gone: !there.has(object),
  };
}
