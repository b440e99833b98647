import type { Blocker } from '#contract/errors.ts';

import { formatQuantity } from './format.ts';

const nouns: Record<Blocker['type'], [one: string, many: string]> = {
  account: ['account', 'accounts'],
  cloudReference: ['reference in a cloud', 'references in a cloud'],
  coverage: ['place that was not read', 'places that were not read'],
  cloudCredentials: ['set of cloud credentials', 'sets of cloud credentials'],
  environment: ['environment', 'environments'],
  farm: ['farm', 'farms'],
  farmRole: ['farm role', 'farm roles'],
  hidden: ['object that you may not see', 'objects that you may not see'],
  image: ['image', 'images'],
  replacement: ['replacement', 'replacements'],
  role: ['role', 'roles'],
  roleCategory: ['role category', 'role categories'],
  policy: ['policy', 'policies'],
  project: ['project', 'projects'],
  server: ['server', 'servers'],
};

/** What stands in the way, in words: `farm role web in farm store`. */
export function blockerWords(blocker: Blocker): string {
  const [one, plural] = nouns[blocker.type];
  const name = blocker.name ?? blocker.id;
  const where = blocker.farmName === undefined ? '' : ` in farm ${blocker.farmName}`;
  const words =
    name === undefined
      ? formatQuantity(blocker.count ?? 1, one, { plural })
      : `${isItself(blocker.type) ? '' : `${one} `}${name}${where}`;
  return blocker.reason === undefined ? words : `${words}: ${blocker.reason}`;
}

/** The name says what it is. */
function isItself(type: Blocker['type']): boolean {
  return type === 'cloudReference' || type === 'coverage';
}

export interface BlockerGroup {
  /** How many of what: `12 servers`, those that are only counted among them. */
  title: string;
  /** Those that are named; fewer than the title says where the rest is only counted. */
  named: Blocker[];
  /** Those that may not be seen, a count for each kind of scope that they are at. */
  counted: Blocker[];
}

/** Blockers by kind, in the order in which the server names the kinds. */
export function groupBlockers(blockers: readonly Blocker[]): BlockerGroup[] {
  const types = [...new Set(blockers.map(({ type }) => type))];
  return types.map((type) => {
    const ofType = blockers.filter((blocker) => blocker.type === type);
    const named = ofType.filter(({ id }) => id !== undefined);
    const total = ofType.reduce(
      (sum, { id, count }) => sum + (id === undefined ? (count ?? 1) : 1),
      0,
    );
    const [one, plural] = nouns[type];
    const counted = ofType.filter(({ id, scope }) => id === undefined && scope !== undefined);
    return { title: formatQuantity(total, one, { plural }), named, counted };
  });
}
