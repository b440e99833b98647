import type { Place } from '#contract/images/places.ts';
import type { PromotionPreview } from '#contract/replacements/promotions.ts';

import { formatQuantity } from '../../util/format.ts';
import { placeName } from '../../util/places.ts';

type Audience = Pick<PromotionPreview, 'to' | 'audience'>;

/** `4 environments`, `2 accounts and 7 environments`: who gets to see it, for a button. */
export function audienceWords({ to, audience }: Audience): string {
  if (audience === null) return to.scope === 'account' ? 'every environment' : 'every account';
  const accounts = formatQuantity(audience.accounts, 'account');
  const environments = formatQuantity(audience.environments, 'environment');
  if (audience.environments === 0) return accounts;
  // Of one account only its environments are news: the account itself is where it goes.
  return to.scope === 'account' ? environments : `${accounts} and ${environments}`;
}

/** Who will newly see it, as a sentence. */
export function whoSeesIt({ to, audience }: Audience): string {
  if (audience === null)
    return to.scope === 'account'
      ? `${placeName(to)} itself and all of its environments.`
      : 'Every account with all of its environments.';
  const { accounts, environments } = audience;
  if (to.scope === 'account') {
    return environments === 0
      ? `Nobody else for now: ${placeName(to)} has no other environment. Those that are added will see it.`
      : `${placeName(to)} itself and its ${formatQuantity(environments, 'other environment')}.`;
  }
  return accounts === 0
    ? 'Nobody else for now: there is no other account. Those that are added will see it.'
    : `${formatQuantity(accounts, 'other account')} with ${formatQuantity(environments, 'environment')}.`;
}

/** `Promote image and show it to 4 environments`: the button names the effect and the amount. */
export function promoteLabel(
  noun: 'image' | 'role' | 'version',
  preview: PromotionPreview | undefined,
  merges: boolean,
): string {
  if (preview === undefined) return `Promote ${noun}`;
  if (noun === 'image' && merges) return 'Promote image by merging it';
  if (noun === 'version')
    return `Promote ${formatQuantity(preview.images.length, 'image')} and show ${preview.images.length === 1 ? 'it' : 'them'} to ${audienceWords(preview)}`;
  const along =
    preview.images.length === 0 ? '' : ` with ${formatQuantity(preview.images.length, 'image')}`;
  return `Promote ${noun}${along} and show it to ${audienceWords(preview)}`;
}

/** What has happened: where it is now. */
export function promotedWords(
  name: string,
  to: Place,
  audience: PromotionPreview['audience'],
  merged: boolean,
): string {
  const place = to.scope === 'scalr' ? 'Corporate' : `account ${placeName(to)}`;
  if (merged) return `${name} was merged into the image of ${place}.`;
  return `${name} is at ${place} now: ${audienceWords({ to, audience })} more can use it.`;
}
