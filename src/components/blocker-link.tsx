import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Blocker } from '#contract/errors.ts';
import type { Scope } from '#contract/scope.ts';

import { blockerWords } from '../util/blockers.ts';
import { scopeOfPlace } from '../util/places.ts';
import { paths } from '../util/paths.ts';
import type { PathScope } from '../util/paths.ts';

/** Where a blocker can be looked at: images and roles at their own scope, the fleet from here. */
function addressOf(blocker: Blocker, at: PathScope): string | undefined {
  if (blocker.id === undefined) return undefined;
  const own = scopeOfPlace({
    scope: (blocker.scope ?? at.scope) as Scope,
    accountId: blocker.accountId ?? null,
    envId: blocker.environmentId ?? null,
  });
  if (blocker.type === 'image') return paths.image(own, String(blocker.id));
  if (blocker.type === 'cloudReference')
    return paths.cloudImages(at, { dialog: 'references', on: String(blocker.id) });
  if (blocker.type === 'coverage') return paths.clouds(at);
  if (blocker.type === 'role') return paths.role(own, blocker.id);
  if (blocker.type === 'farm') return paths.farm(at, blocker.id);
  if (blocker.type === 'server') return paths.server(at, String(blocker.id));
  if (blocker.farmId !== undefined) return paths.farm(at, blocker.farmId);
  return undefined;
}

/** What stands in the way, in words and as a link to it; for the `renderBlocker` of a dialog. */
export function blockerLink(at: PathScope): (blocker: Blocker) => ReactNode {
  return (blocker) => {
    const to = addressOf(blocker, at);
    return to === undefined ? blockerWords(blocker) : <Link to={to}>{blockerWords(blocker)}</Link>;
  };
}
