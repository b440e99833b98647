import { describe, expect, it } from 'vitest';

import { accountOfEnvironment, findInTree, nameInTree, treeLimit } from './scope-tree.ts';

const tree = [
  {
    id: 1,
    name: 'Acme',
    environments: [
      { id: 11, name: 'Test' },
      { id: 12, name: 'Production' },
    ],
  },
  { id: 2, name: 'Globex', environments: [{ id: 21, name: 'Acme import' }] },
];

describe('findInTree', () => {
  it('keeps an account for the environments that fit, and all of an account that fits', () => {
    expect(findInTree(tree, ' prod').accounts).toEqual([
      { id: 1, name: 'Acme', environments: [{ id: 12, name: 'Production' }] },
    ]);
    expect(findInTree(tree, 'ACME').accounts).toEqual(tree);
    expect(findInTree(tree, 'nowhere')).toEqual({ accounts: [], left: 0 });
  });

  it('shows a limited number and says how many it left out', () => {
    const many = Array.from({ length: treeLimit + 5 }, (_account, id) => ({
      id,
      name: `a${id}`,
      environments: [],
    }));
    const { accounts, left } = findInTree(many, '');
    expect(accounts).toHaveLength(treeLimit);
    expect(left).toBe(5);
  });
});

describe('names in the tree', () => {
  it('are found for accounts and environments, and missing for what is not there', () => {
    expect(nameInTree(tree, { scope: 'account', accountId: 2 })).toBe('Globex');
    expect(nameInTree(tree, { scope: 'environment', environmentId: 21 })).toBe('Acme import');
    expect(nameInTree(tree, { scope: 'environment', environmentId: 99 })).toBeUndefined();
    expect(nameInTree(tree, { scope: 'scalr' })).toBeUndefined();
    expect(accountOfEnvironment(tree, 21)?.id).toBe(2);
  });
});
