import type { Mutant } from '../mutant.ts';

/** What keeps an image that something uses from being said to be unused. */
export const inventory: readonly Mutant[] = [
  {
    defect: 'a place that could not be read counts as read',
    file: 'server/domain/inventory/image-use.ts',
    find: 'if (error !== null) return',
    replace: 'if (error === undefined) return',
    test: 'server/domain/inventory/image-use.test.ts',
    name: 'the cloud refused one place',
  },
  {
    defect: 'templates that no group uses refer to nothing',
    file: 'server/domain/inventory/inventory.ts',
    find: 'verb: string,\n): FoundReference[] {\n  if (meaning === undefined) return [];',
    replace:
      "verb: string,\n): FoundReference[] {\n  if (meaning === undefined || of.kind === 'template') return [];",
    test: 'server/domain/inventory/inventory.test.ts',
    name: 'every version of a template refers to its image',
  },
  {
    defect: '$Default is taken for the latest version',
    file: 'server/domain/inventory/inventory.ts',
    find: "boot.version === '$Default' ? template.isDefault",
    replace: "boot.version === '$Default' ? template.isLatest",
    test: 'server/domain/inventory/inventory.test.ts',
    name: 'is found by $Default',
  },
  {
    defect: 'what refers to an image out of sight does not use it',
    file: 'server/database/queries/inventory/cloud-images.ts',
    find: 'WHERE ${refersTo}) referring',
    replace: "WHERE ${refersTo} AND ${isInReach('c', scope)}) referring",
    test: 'server/fleet/inventory.test.ts',
    name: 'a server that runs an image elsewhere, out of sight, is counted and not named',
  },
  {
    defect: 'what has not changed is written again',
    file: 'server/database/queries/inventory/readings.ts',
    find: 'OR (x.name, x.how) IS DISTINCT FROM (f.name, f.how)',
    replace: 'OR true',
    test: 'server/fleet/inventory.test.ts',
    name: 'a second reading of the same writes nothing but when it was',
  },
];
