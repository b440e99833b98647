import { ApiError } from '#contract/errors.ts';
import { changedObject } from '#contract/records/operations.ts';
import type { ObjectChange, Operation } from '#contract/records/operations.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { fetchDenials, planDenialList } from '../../database/queries/records/denials.ts';
import {
  fetchOperationParts,
  type OperationPart,
} from '../../database/queries/records/operation-parts.ts';
import {
  fetchOperationRows,
  findOperation,
  planOperationList,
  type Viewer,
} from '../../database/queries/records/operations.ts';
import { findDifferences } from '../../domain/differences.ts';
import { holds } from '../../domain/rights.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { type CsvColumns, exportList, exportPageSize } from '../list-export.ts';
import { nameLinks } from './link-names.ts';
import {
  findThere,
  isKnown,
  keepsBack,
  kindOf,
  subjectOf,
  toChangedObject,
  toDenial,
  toOperation,
  toOperations,
} from './present-operation.ts';
import { findWayBack } from './way-back.ts';

/** Administrators see what is somebody's own; others see of it what they did themselves. */
function viewerOf(ctx: Context): Viewer {
  // It is no act: a key that may only read reads all that its user may.
  const all = holds(ctx.principal, 'scopes.manage', ctx.scope);
  return { scope: ctx.scope, ownOnly: all ? undefined : ctx.actor };
}

const listOperations: Handler<'operationList'> = async (ctx, { query }) => {
  const viewer = viewerOf(ctx);
  const plan = await planOperationList(ctx.tx, viewer, query);
  const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, ['operationList', ctx.scope]);
  const rows = await fetchOperationRows(ctx.tx, viewer, ids);
  return { data: await toOperations(ctx, rows, viewer.ownOnly), page };
};

const exportOperations: Handler<'operationExport'> = async (ctx, { query }) => {
  const readPage = (cursor: string) =>
    listOperations(ctx, {
      params: {},
      body: undefined,
      query: { ...query, cursor, maxResults: exportPageSize },
    });
  return { data: '', csv: exportList(columns, readPage) };
};

const columns: CsvColumns<Operation> = [
  ['When (UTC)', ({ at }) => at],
  ['Who', ({ actor }) => actor.email],
  ['Name', ({ actor }) => actor.name],
  ['What', ({ words }) => words],
  ['Operation', ({ operation }) => operation],
  ['Objects', ({ counts }) => counts.objects],
  ['Objects not shown', ({ counts }) => counts.hidden],
  [
    'First objects',
    ({ objects }) => objects.map(({ kind, id, name }) => name ?? `${kind} ${id}`).join('; '),
  ],
  ['Reason', ({ reason }) => reason],
  ['With', ({ via }) => via],
  ['Credential', ({ credential }) => credential],
  ['From', ({ origin }) => origin],
  ['Scope', ({ scope }) => scope],
  ['Account', ({ accountName }) => accountName],
  ['Environment', ({ envName }) => envName],
  ['Id', ({ id }) => id],
];

/** @throws ApiError ObjectNotFound for an operation of which the viewer may read nothing */
const getOperation: Handler<'operationGet'> = async (ctx, { params }) => {
  const viewer = viewerOf(ctx);
  const row = await findOperation(ctx.tx, viewer, params.operationId);
  if (!row)
    throw new ApiError(
      'ObjectNotFound',
      `No operation has the id ${params.operationId} here. It may have been done at another scope.`,
    );
  const { parts, options } = await fetchOperationParts(ctx.tx, ctx.scope, row.id);
  const keeps = keepsBack(viewer.ownOnly, row.actor);
  const readable = parts.filter(({ object }) => isKnown(object) || object.startsWith('roleImage:'));
  const shown = readable.filter(({ object }) => !keeps(kindOf(object)));
  const changes = await toChanges(ctx, shown);
  return {
    data: {
      ...toOperation(row),
      objects: changes.slice(0, 3).map((change) => changedObject.parse(change)),
      changes,
      options,
      wayBack: await findWayBack(ctx, row.operation, shown),
    },
  };
};

async function toChanges(ctx: Context, parts: readonly OperationPart[]): Promise<ObjectChange[]> {
  const named = parts.map((part) => ({ ...part, object: subjectOf(part.object) }));
  const there = await findThere(ctx, named);
  const changes = named.map((part) => ({
    ...toChangedObject(part, there),
    change: part.was ? (part.is ? 'changed' : 'gone') : 'made',
    differences: hasHiddenSide(part) ? [] : findDifferences(part.before, part.after),
  }));
  const differences = await nameLinks(ctx, changes);
  return changes.map((change, index) => ({
    ...change,
    differences: differences[index] ?? [],
  })) as ObjectChange[];
}

/** What came from, or went to, where the viewer sees nothing: then the rest is no difference. */
function hasHiddenSide({ was, is, before, after }: OperationPart): boolean {
  return (was && before === null) || (is && after === null);
}

/** What was done, and what was refused: docs/domain.md, "Activity". */
export const operationLogHandlers = {
  operationList: listOperations,
  operationExport: exportOperations,
  operationGet: getOperation,
  denialList: async (ctx, { query }) => {
    const plan = planDenialList(ctx.scope, query);
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, ['denialList', ctx.scope]);
    return { data: (await fetchDenials(ctx.tx, ids)).map(toDenial), page };
  },
} satisfies SomeHandlers;
