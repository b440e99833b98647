import type { Mutant } from '../mutant.ts';

/** Sets of images: how they are paired, planned, rolled back in part, moved down, and changed as a whole. */
export const versionRules: Mutant[] = [
  {
    defect: 'images are paired whatever their architecture is',
    file: 'server/domain/replacement-pairs.ts',
    find: '`${placeOf(image)} ${image.architecture}`',
    replace: '`${placeOf(image)}`',
    test: 'server/services/replacements/plans.test.ts',
    name: 'pairs what stands in one place and has one architecture',
  },
  {
    defect: 'an old image without a pair is dropped and not told of',
    file: 'server/domain/replacement-pairs.ts',
    find: 'else holes.push({ image, byHand: chosen === null });',
    replace: '',
    test: 'server/services/replacements/plans.test.ts',
    name: 'pairs what stands in one place and has one architecture',
  },
  {
    defect: 'rolling back a part takes back everything',
    file: 'server/domain/roll-backs.ts',
    find: 'all.filter(({ place }) => isInPart(facts.part, place))',
    replace: 'all',
    test: 'server/domain/roll-backs.test.ts',
    name: 'is what is named, and leaves the rest and its deprecations for later',
  },
  {
    defect: 'a part that was rolled back counts as the whole',
    file: 'server/domain/roll-backs.ts',
    find: 'completes: left.size === 0 &&',
    replace: 'completes:',
    test: 'server/domain/roll-backs.test.ts',
    name: 'is what is named, and leaves the rest and its deprecations for later',
  },
  {
    defect: 'what is used elsewhere is moved down out of sight',
    file: 'server/domain/demotions.ts',
    find: 'if (needed.size > 1 || ',
    replace: 'if (false && ',
    test: 'server/services/replacements/demotions.test.ts',
    name: 'stays while a farm of another environment uses it, and says which',
  },
  {
    defect: 'an act on a set leaves out what is refused, unasked',
    file: 'server/services/image-sets/findings.ts',
    find: "onRefusal === 'skip' && rest > 0",
    replace: 'rest > 0',
    test: 'server/services/image-sets/image-set-acts.test.ts',
    name: 'changes nothing when one image is refused, unless it may be left out',
  },
  {
    defect: 'an image that a farm needs is said to be cleared by taking it out of its role',
    file: 'server/services/images/image-blockers.ts',
    find: "type === 'farmRole' || clearing?.needed === true",
    replace: 'false',
    test: 'server/services/images/blockers.test.ts',
    name: 'an image that a farm needs is to be replaced in its role',
  },
  {
    defect: 'servers of a version are not judged when it is deprecated',
    file: 'server/database/migrations/0023-judge-images-at-once.ts',
    find: 'IF ids IS NOT NULL THEN PERFORM judge_cloud_images(ids); END IF;',
    replace: '',
    test: 'server/services/farms/usage.test.ts',
    name: 'a deprecated image is old although the role still has it',
  },
];
