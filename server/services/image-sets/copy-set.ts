import type { ServiceInput } from '#contract/operations.ts';
import { fetchPlacesOfLine } from '../../database/queries/image-sets/image-sets.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { fetchRightsAt } from '../../database/queries/clouds/environment-clouds.ts';
import { findRightRefusal } from '../../domain/credentials/cloud-credentials.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { findCopyRefusal, findDestinationRefusal } from '../../domain/images/image-copies.ts';
import type { Context } from '../context.ts';
import { queueCopy } from '../images/image-copies.ts';
import { toImage } from '../present.ts';
import { refuseIf } from '../refuse.ts';
import type { Scene, SetAct } from './act.ts';
import type { Finding } from './findings.ts';
import { findForeignSet } from './image-set-access.ts';

type CopyBody = ServiceInput<'imageSetCopy'>['body'];
type Place = NonNullable<CopyBody['places']>[number];

/** Copies to the places where a set has no image of an architecture: docs/domain.md, "Copying an image". */
export const copyAct: SetAct<CopyBody, Place> = {
  operation: 'imageSetCopy',
  doing: 'copy images',
  verb: () => 'is copied',
  gate: findForeignSet,
  find: findCopies,
  carryOut: async (ctx, due, { all }) => {
    const ids: string[] = [];
    for (const { image, step } of due) ids.push(await queueCopy(ctx, image, step.cloudLocation));
    const copies = await fetchImages(ctx.tx, ids, ctx.scope);
    for (const [index, finding] of due.entries()) {
      const copy = copies[index];
      if (copy) finding.made = { id: copy.id, name: copy.name };
    }
    const sources = [...new Set(due.map(({ image }) => image.id))];
    const changes = [
      ...copies.map((copy) => ({ kind: 'image' as const, after: toImage(copy) })),
      ...sources.map((id) => ({ kind: 'image' as const, id })),
    ];
    return { changes, now: all.map(({ id }) => id) };
  },
};

/** One finding for each place and architecture; what is there already is told only where it was asked for. */
async function findCopies(
  ctx: Context,
  { set, all, images }: Scene,
  { places: named }: CopyBody,
): Promise<Finding<Place>[]> {
  for (const place of named ?? []) refuseIf(findDestinationRefusal(place));
  const onEc2 = images.filter(({ cloud_platform: platform }) => platform === 'ec2');
  const [first] = onEc2;
  if (!first) return images.map((image) => ({ image, refusal: findCopyRefusal(image) }));
  const forbidden = findRightRefusal(await fetchRightsAt(ctx.tx, first), 'registerImages');
  const line = named ?? (await fetchPlacesOfLine(ctx.tx, ctx.scope, set));
  const places = line.filter((place) => !findDestinationRefusal(place));
  const architectures = [...new Set(onEc2.map(({ architecture }) => architecture))];
  return unique(places).flatMap((to) =>
    architectures.flatMap((architecture) => {
      const isThere = (image: ImageRow) =>
        image.cloud_platform === to.cloudPlatform &&
        image.cloud_location === to.cloudLocation &&
        image.architecture === architecture;
      const there = all.find(isThere);
      if (there) return named ? [{ image: there, to }] : [];
      const sources = onEc2.filter((image) => image.architecture === architecture);
      return copyOf(sources, to, forbidden);
    }),
  );
}

/** The first image that can be copied, or else why the first cannot. */
function copyOf(
  sources: readonly ImageRow[],
  to: Place,
  forbidden: Refusal | undefined,
): Finding<Place>[] {
  const image = sources.find((source) => !findCopyRefusal(source)) ?? sources[0];
  return image ? [{ image, refusal: findCopyRefusal(image) ?? forbidden, step: to, to }] : [];
}

function unique(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [place.cloudLocation, place])).values()];
}
