import { type Db, openDatabase, poolOf } from '../database/connection/connection.ts';
import { Replica } from '../database/connection/replica.ts';
import { RoomWatch } from '../database/embedded/room.ts';
import type { Env } from '../env.ts';
import { loopConnections } from '../fleet/loops.ts';
import { exportsAtOnce } from '../http/exports.ts';

/**
 * Whoever reads an export slowly keeps nobody else waiting, and neither does what goes on in the background: both
 * have connections of their own.
 */
export interface Pools {
  db: Db;
  exportsDb: Db;
  loopsDb: Db;
}

export function openPools(
  url: string,
  { databaseConnections, databasePooled: pooled }: Env,
  onError: (error: unknown) => void,
): Pools {
  const open = (maxConnections: number) => openDatabase(url, { maxConnections, pooled, onError });
  return {
    db: open(databaseConnections),
    exportsDb: open(exportsAtOnce),
    loopsDb: open(loopConnections),
  };
}

/** The replica for reads, which may be away at the start and at any time. */
export function openReplica(
  { databaseReadUrl, databaseConnections: maxConnections, databasePooled: pooled }: Env,
  warn: (line: string | Error) => void,
): Replica | undefined {
  if (databaseReadUrl === undefined) return undefined;
  const onChange = (problem: string | undefined) =>
    warn(
      problem === undefined
        ? 'The replica is read.'
        : `Reads go where changes are made: ${problem}.`,
    );
  return new Replica(databaseReadUrl, { maxConnections, pooled, onError: warn, onChange });
}

/** Changes stop before the disk is full, and come back by themselves (docs/operations.md, "A full disk"). */
export function watchRoom(
  folder: string,
  { room: limits }: Env,
  pools: readonly Db[],
  warn: (line: string) => void,
): RoomWatch {
  return new RoomWatch(folder, limits, (room, freeMb) => {
    const free = `${freeMb} MB are free in ${folder}, where the database is`;
    const refusal =
      room === 'none'
        ? 'The disk of the database is almost full, so nothing can be changed until there is room. Reading goes on.'
        : undefined;
    for (const db of pools) poolOf(db).refuseChanges(refusal);
    if (room === 'enough') warn(`There is room again: ${free}.`);
    else if (room === 'scarce')
      warn(`Only ${free}. Below ${limits.refuseBelowMb} MB nothing can be changed: make room.`);
    else warn(`Only ${free}: changes are refused until there is room again. Reading goes on.`);
  });
}
