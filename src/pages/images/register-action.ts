import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

/** How one more image comes to be, and with it its version; with the reason where it cannot. */
export function registerAction(at: PathScope, scope: ScopeInfo | undefined) {
  return {
    label: 'Register image',
    to: paths.newImage(at),
    reason: reasonAgainst(scope?.actions.imageCreate),
  };
}
