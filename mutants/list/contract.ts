import type { Mutant } from '../mutant.ts';

/** What a request may say: `contract/`. */
export const contract: Mutant[] = [
  {
    defect: 'text turns the direction of what follows',
    file: 'contract/fields.ts',
    find: 'if (bidiControls.test(value))',
    replace: 'if (false)',
    test: 'contract/fields.test.ts',
    name: 'plain text > has no a mark that turns text around',
  },
  {
    defect: 'text has markup',
    file: 'contract/fields.ts',
    find: 'if (markup.test(value))',
    replace: 'if (false)',
    test: 'contract/fields.test.ts',
    name: 'plain text > has no markup',
  },
  {
    defect: 'names have line breaks',
    file: 'contract/fields.ts',
    find: '!unseen.test(value)',
    replace: 'true',
    test: 'contract/fields.test.ts',
    name: 'has line breaks in descriptions and reasons only',
  },
  {
    defect: 'operators change images',
    file: 'contract/permissions.ts',
    find: "['view', 'farms.manage']",
    replace: "['view', 'farms.manage', 'images.manage']",
    test: 'contract/permissions.test.ts',
    name: 'each role of people may do what it is for, and nothing beyond',
  },
  {
    defect: 'image managers promote',
    file: 'contract/permissions.ts',
    find: "'roles.manage', 'replace']",
    replace: "'roles.manage', 'replace', 'promote']",
    test: 'contract/permissions.test.ts',
    name: 'each role of people may do what it is for, and nothing beyond',
  },
];
