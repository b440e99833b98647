import type { Replacement } from '#contract/replacements/replacements.ts';

import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

/** Whether a replacement was made at the scope that one looks from: only there it can be changed. */
export function isOwnScope(at: PathScope, replacement: Replacement): boolean {
  return JSON.stringify(scopeOfPlace(replacement)) === JSON.stringify(at);
}
