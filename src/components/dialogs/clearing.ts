import type { Blocker, Clearing } from '#contract/blockers.ts';

import type { EachChange } from '../../api/each.ts';
import { scopeOfPlace } from '../../util/places.ts';

interface ClearingWords {
  /** On the button beside what stands in the way. */
  label: string;
  /** The question of the dialog. */
  title: (name: string) => string;
  /** What it means. */
  meaning: string;
  /** What has happened. */
  done: (name: string) => string;
}

const words: Record<Clearing['operation'], ClearingWords> = {
  roleImageDelete: {
    label: 'Remove from role',
    title: (name) => `Remove the image from ${name}?`,
    meaning: 'The role can no longer run there.',
    done: (name) => `${name} no longer has the image.`,
  },
  roleImageReplace: {
    label: 'Replace in role',
    title: (name) => `Replace the image in ${name}`,
    meaning: 'The role gets another image there.',
    done: (name) => `${name} has another image.`,
  },
  farmUnlock: {
    label: 'Unlock farm and remove',
    title: (name) => `Unlock the farm and remove ${name} from it?`,
    meaning: 'The farm stays unlocked. The servers of this farm role are terminated.',
    done: (name) => `${name} is removed from its farm, which is unlocked.`,
  },
  farmRoleDelete: {
    label: 'Remove from farm',
    title: (name) => `Remove ${name} from its farm?`,
    meaning: 'The servers of this farm role are terminated.',
    done: (name) => `${name} is removed from its farm.`,
  },
  serverTerminate: {
    label: 'Terminate',
    title: (name) => `Terminate ${name}?`,
    meaning: 'What runs on it stops, and what it keeps on its own disks is lost.',
    done: (name) => `${name} is being terminated.`,
  },
  imageDelete: {
    label: 'Delete this registration',
    title: (name) => `Delete the registration ${name}?`,
    meaning: 'Only the registration goes. The machine image stays on its cloud.',
    done: (name) => `${name} is deleted.`,
  },
};

/** A blocker that somebody can clear. */
export type ClearableBlocker = Blocker & { clearBy: [Clearing, ...Clearing[]] };

export function isClearable(blocker: Blocker): blocker is ClearableBlocker {
  return (blocker.clearBy ?? []).length > 0;
}

/** Whether it goes by itself, as a server does that is ending. */
export function onlyWaits(blocker: Blocker): boolean {
  return blocker.clearBy?.length === 0;
}

/** How to clear it, in words; the first of several calls says it for all. */
export function clearingWords({ clearBy }: ClearableBlocker): ClearingWords {
  return words[clearBy[0].operation];
}

/** The name of what stands in the way, as people know it. */
export function blockerName({ name, id, farmName }: Blocker): string {
  const own = name ?? String(id);
  return farmName === undefined ? own : `${own} of farm ${farmName}`;
}

/** The calls that clear it, in their order. */
export function clearingChanges({ clearBy }: ClearableBlocker): EachChange[] {
  return clearBy.map((step) => ({
    id: step.operation,
    at: scopeOfPlace(step),
    input: {
      params: step.params,
      ...(step.operation === 'farmUnlock' || step.operation === 'serverTerminate'
        ? { body: {} }
        : {}),
    },
  }));
}
