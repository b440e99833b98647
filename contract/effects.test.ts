import { describe, expect, it } from 'vitest';

import { effects, reads } from './effects.ts';
import type { ChangeId, Noun } from './effects.ts';
import type { OperationSpec } from './operation.ts';
import { operations } from './operations.ts';

const specs: readonly OperationSpec[] = Object.values(operations);
const isChange = ({ method, permission, keeps }: OperationSpec) =>
  method !== 'GET' && (permission !== 'view' || keeps === true);
const idsOf = (some: readonly OperationSpec[]) => some.map(({ id }) => id).toSorted();

const readsAfter = (id: ChangeId) => {
  const nouns: readonly Noun[] = effects[id];
  return nouns.flatMap((noun): readonly string[] => reads[noun]);
};

/** What no operation of the contract can change. */
const constant = ['costCenterGet', 'costCenterList', 'osGet', 'osList', 'signInWaysGet'];

describe('the table of effects', () => {
  it('has every operation that changes something, and no other', () => {
    expect(Object.keys(effects).toSorted()).toEqual(idsOf(specs.filter(isChange)));
  });

  it('makes every read stale that some operation can change, and lists nothing else', () => {
    const listed = new Set<string>(Object.values(reads).flat());
    const changeable = specs.filter((spec) => !isChange(spec) && !constant.includes(spec.id));
    expect([...listed].toSorted(), 'in `reads` of effects.ts').toEqual(idsOf(changeable));
  });

  it('has no noun that nothing touches', () => {
    const touched = new Set<string>(Object.values(effects).flat());
    expect([...touched].toSorted()).toEqual(Object.keys(reads).toSorted());
  });

  it.each(['imageReplace', 'replacementRollBack', 'roleImageReplace'] as const)(
    '%s refreshes images, roles, farms, usage and replacements',
    (id) => {
      expect(readsAfter(id)).toEqual(
        expect.arrayContaining([
          'imageList',
          'imageUsage',
          'roleList',
          'roleGet',
          'farmList',
          'farmGet',
          'usageList',
          'usageTotals',
          'replacementList',
          'replacementGet',
        ]),
      );
    },
  );

  it('a new scope shows in the tree, and in what the session may open', () => {
    expect(readsAfter('environmentCreate')).toEqual(
      expect.arrayContaining(['scopeList', 'environmentList', 'sessionGet', 'scopeGet']),
    );
  });
});
