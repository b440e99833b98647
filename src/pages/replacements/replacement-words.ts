import type { Replacement } from '#contract/replacements/replacements.ts';
import { scopeLabel } from '#contract/scope.ts';

import { onOldWords } from '../../components/flows/replace-words.ts';
import { formatQuantity } from '../../util/format.ts';

/** The servers that are still on an old image, in a sentence. */
export function onOldImages(replacement: Replacement): string {
  if (replacement.pairs.length === 1) return onOldWords(replacement);
  const { serversOnOldImage: servers, staleServers: stale, farmsOnOldImage: farms } = replacement;
  if (servers === 0) return 'No server of these roles runs an old image.';
  const all = `${formatQuantity(servers, 'server')} in ${formatQuantity(farms, 'farm')} ${servers === 1 ? 'runs' : 'run'} an old image`;
  if (stale === 0)
    return `${all}, which ${servers === 1 ? 'its role has' : 'their roles have'} back.`;
  const until = `until ${stale === 1 ? 'it is' : 'they are'} relaunched`;
  if (stale === servers) return `${all}, ${until}.`;
  return `${all}: ${stale} ${until}, and the roles of the others have it back.`;
}

/** The servers that were launched before it and have yet to come up, in a sentence; nothing where there are none. */
export function startingWords({ startingServers: count }: { startingServers: number }): string {
  if (count === 0) return '';
  return `${count} of them ${count === 1 ? 'is' : 'are'} starting on the old image now.`;
}

/** What a role that was changed has in that place now. */
export const nowWords = {
  newImage: 'has the new image',
  oldImage: 'has the old image back',
  otherImage: 'has another image',
  noImage: 'has no image there',
  deleted: 'was deleted',
} as const;

/** `Corporate, Account`: the scopes whose roles were to change. */
export function reachWords({ reach }: Replacement): string {
  return reach.map((scope) => scopeLabel[scope]).join(', ');
}
