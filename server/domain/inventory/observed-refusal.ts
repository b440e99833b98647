import type { Refusal } from '../refusal.ts';

/** What runs a farm that Slipway only observes: docs/domain.md, "Observed farms". */
export interface Observer {
  kind: 'group' | 'tag' | 'rest';
  name: string;
}

/** Something that may belong to an observed farm. */
export interface PerhapsObserved {
  observed?: Observer | null;
}

/** Why Slipway cannot act on a farm, its farm roles and its servers; nothing where the farm is its own. */
export function findObservedRefusal({ observed }: PerhapsObserved): Refusal | undefined {
  if (!observed) return undefined;
  const words = {
    group: `the group "${observed.name}" of its cloud runs it. Change it there`,
    tag: `its servers were found by their tag, "${observed.name}". Change them where they were launched`,
    rest: 'its servers were found in their cloud. Change them where they were launched',
  };
  return {
    code: 'UnacceptableState',
    reason: `This farm is observed, which Slipway counts and does not change: ${words[observed.kind]}.`,
  };
}
