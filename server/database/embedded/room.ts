import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { giveToFolderOwner } from './data-folder.ts';

const MB = 1_000_000;
/** Three segments of the write-ahead log: what PostgreSQL needs to start again on a full disk. */
const RESERVE_BYTES = 3 * 16 * 1024 * 1024;
const EVERY_MS = 500;
/** Changes are let in again when there is a quarter more than they need, so that nothing flickers. */
const AGAIN = 1.25;

/** Free space in megabytes; 0 turns a limit off. */
export interface RoomLimits {
  warnBelowMb: number;
  refuseBelowMb: number;
}

/** `scarce`: somebody should make room. `none`: nothing more may be written. */
export type Room = 'enough' | 'scarce' | 'none';

/** What the next look at the free space makes of the last one. */
export function judgeRoom(before: Room, freeBytes: number, limits: RoomLimits): Room {
  const factor = before === 'none' ? AGAIN : 1;
  if (freeBytes < limits.refuseBelowMb * MB * factor) return 'none';
  return freeBytes < limits.warnBelowMb * MB ? 'scarce' : 'enough';
}

/**
 * Watches the free space of a data folder. PostgreSQL panics when its write-ahead log finds no room, so
 * changes must stop before. In the folder lies a reserve, which is given up when others fill the disk
 * all the same: with it PostgreSQL can go on, and reads too.
 */
export class RoomWatch {
  freeBytes: number | undefined;
  room: Room = 'enough';
  readonly #folder: string;
  readonly #limits: RoomLimits;
  readonly #onChange: (room: Room, freeMb: number) => void;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  /** @param onChange told when there is another amount of room, with the free megabytes */
  constructor(folder: string, limits: RoomLimits, onChange: (room: Room, freeMb: number) => void) {
    this.#folder = folder;
    this.#limits = limits;
    this.#onChange = onChange;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#look();
      await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const free = await freeBytes(this.#folder);
    // A file system that tells nothing has, as far as anybody knows, enough.
    if (free === undefined) return;
    this.freeBytes = free;
    const room = judgeRoom(this.room, free, this.#limits);
    const changed = room !== this.room;
    this.room = room;
    if (changed) this.#onChange(room, Math.floor(free / MB));
    if (room === 'none') await giveUpReserve(this.#folder);
    else if (free > this.#limits.refuseBelowMb * MB * AGAIN + 2 * RESERVE_BYTES)
      await keepReserve(this.#folder);
  }
}

/** Frees the reserve, unless there is more room than it holds. */
export async function giveUpReserve(folder: string): Promise<void> {
  const free = await freeBytes(folder);
  if (free !== undefined && free < RESERVE_BYTES) await rm(reserveOf(folder), { force: true });
}

/** Makes the reserve if it is not there. Of random bytes, since some disks keep no others. */
async function keepReserve(folder: string): Promise<void> {
  const path = reserveOf(folder);
  const found = await stat(path).catch(() => undefined);
  if (found?.size === RESERVE_BYTES) return;
  const draft = `${path}.new`;
  try {
    const file = await open(draft, 'w', 0o600);
    const block = randomBytes(1024 * 1024);
    for (let written = 0; written < RESERVE_BYTES; written += block.length) await file.write(block);
    await file.close();
    await giveToFolderOwner(folder, draft);
    await rename(draft, path);
  } catch {
    // Others were faster; there will be another look.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** What an unprivileged process may still write; undefined where the system does not tell. */
async function freeBytes(folder: string): Promise<number | undefined> {
  const found = await statfs(folder).catch(() => undefined);
  return found && found.bavail * found.bsize;
}

function reserveOf(folder: string): string {
  return join(folder, 'reserve');
}
