import type { ScopeRef } from '#contract/scope.ts';
import { isVisibleFrom, type ScopedRow } from '../../domain/scopes.ts';
import { type LoggedChange, Registers, type State } from './registers.ts';

// Whether what many clients were answered is what one after the other would have been answered, in the order that
// `X-Revision` tells (docs/architecture.md, "The unit of work").

/** What a client was answered, or refused with. */
export interface Observation {
  operation: string;
  requestId?: string;
  at: ScopeRef;
  /** `<corporate>.<account>` */
  revision: string;
  /** Moments in ms. */
  begun: number;
  ended: number;
  /** An object as it was read; undefined where there was none. */
  read?: { object: string; state: State | undefined };
}

/** One row of the operations log. */
export interface LoggedRow {
  chain: string;
  revision: number;
  requestId: string;
  changes: LoggedChange[];
}

/**
 * Replays the log, and holds against it what clients saw.
 * @param initial every object as it was before
 * @param rows of all chains, in the order in which they were written: those of Corporate and of one account
 * exclude one another, so theirs is the only one that there can be
 * @returns what cannot have been, in words
 */
export function findAnomalies(
  initial: ReadonlyMap<string, State>,
  rows: readonly LoggedRow[],
  seen: readonly Observation[],
): string[] {
  const registers = new Registers(initial);
  for (const row of rows) registers.write(row.changes);
  const moments = new Map<string, ReadonlyMap<string, number>>();
  const momentsAt = (at: ScopeRef) => {
    const chain = chainOf(at);
    const known = moments.get(chain) ?? momentsOf(rows, chain);
    moments.set(chain, known);
    return known;
  };
  return [
    ...seen.flatMap((one) => findStaleRead(one, momentsAt(one.at).get(one.revision), registers)),
    ...findStepsBack(seen),
    ...findWrongWrites(rows, seen),
  ];
}

const chainOf = (at: ScopeRef) => (at.scope === 'scalr' ? '' : `account:${at.accountId}`);

/** After how many rows each revision was the current one, for whoever sees one account; '' is none. */
function momentsOf(rows: readonly LoggedRow[], account: string): ReadonlyMap<string, number> {
  const heads = new Map([
    ['corporate', 0],
    [account, 0],
  ]);
  const name = () => [...heads.values()].join('.');
  const moments = new Map([[name(), 0]]);
  for (const [index, { chain, revision }] of rows.entries()) {
    if (!heads.has(chain)) continue;
    heads.set(chain, revision);
    moments.set(name(), index + 1);
  }
  return moments;
}

/** A revision names one moment, and an answer tells of that moment. */
function findStaleRead(
  { operation, at, revision, read }: Observation,
  moment: number | undefined,
  registers: Registers,
): string[] {
  if (moment === undefined) return [`${operation}: there was no moment ${revision}`];
  if (!read) return [];
  const state = registers.read(read.object, moment);
  const visible = state && isVisibleFrom(placeOf(state), at) ? state : undefined;
  const [saw, was] = [JSON.stringify(read.state), JSON.stringify(visible)];
  return saw === was ? [] : [`${read.object} at ${revision}: read ${saw}, but it was ${was}`];
}

const placeOf = ({ scope, accountId, envId }: State) =>
  ({ scope, account_id: accountId, environment_id: envId }) as ScopedRow;

/** What began after something had ended has no lower revision: not for one client, nor between two. */
function findStepsBack(seen: readonly Observation[]): string[] {
  const begins = seen.toSorted((a, b) => a.begun - b.begun);
  const ends = seen.toSorted((a, b) => a.ended - b.ended);
  const known = new Map<string, number>();
  const problems: string[] = [];
  let next = 0;
  for (const one of begins) {
    for (let end = ends[next]; end && end.ended < one.begun; end = ends[++next])
      for (const [chain, revision] of headsOf(end))
        known.set(chain, Math.max(revision, known.get(chain) ?? 0));
    for (const [chain, revision] of headsOf(one))
      if (revision < (known.get(chain) ?? 0))
        problems.push(
          `${one.operation}: ${chain} went back from ${known.get(chain)} to ${revision}`,
        );
  }
  return problems;
}

function headsOf({ at, revision }: Observation): [chain: string, revision: number][] {
  const [corporate = 0, account = 0] = revision.split('.').map(Number);
  const heads: [string, number][] = [['corporate', corporate]];
  if (at.scope !== 'scalr') heads.push([chainOf(at), account]);
  return heads;
}

/** A change is answered with the revision that it made, which no other one has. */
function findWrongWrites(rows: readonly LoggedRow[], seen: readonly Observation[]): string[] {
  const made = new Map<string, LoggedRow>(rows.map((row) => [row.requestId, row]));
  return seen.flatMap((one) => {
    const row = one.requestId === undefined ? undefined : made.get(one.requestId);
    const told = new Map(headsOf(one)).get(row?.chain ?? '');
    if (!row || told === row.revision) return [];
    return [`${one.operation} made ${row.chain} ${row.revision}, and was answered ${one.revision}`];
  });
}
