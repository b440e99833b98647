import { countRegistrationsBelow } from '../../database/queries/images/image-kin.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import type { ImageChange } from '../../domain/images/images.ts';
import { scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';

/**
 * Says how many registrations further down deprecations cover as well, or give back when they are taken away
 * (docs/domain.md, "One machine image, several registrations"); nothing where the changes are none.
 * @param changes of images of one scope that are all deprecated, or all restored
 */
export async function warnOfAllCovered(
  ctx: Context,
  changes: readonly (readonly [ImageRow, ImageChange])[],
): Promise<void> {
  const flagged = changes.filter(([, { deprecated_at: at }]) => at !== undefined);
  const [first] = flagged;
  if (!first) return;
  const [image, change] = first;
  const ids = flagged.map(([{ id }]) => id);
  const registrations = await countRegistrationsBelow(ctx.tx, scopeOf(image), ids);
  if (registrations === 0) return;
  const them = registrations === 1 ? '1 registration' : `${registrations} registrations`;
  ctx.warn({
    code: 'OtherRegistrations',
    message:
      change.deprecated_at === null
        ? `The same cloud image has ${them} further down, which the deprecation covered too: they may be used again where nothing else stands against it.`
        : `The same cloud image has ${them} further down: the deprecation covers them too.`,
  });
}
