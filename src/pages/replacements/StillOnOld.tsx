import { Link } from 'react-router';

import { FarmsOnOldTable } from '../../components/flows/FlowTables.tsx';
import { MoveToNewImage } from '../../components/rollouts/MoveToNewImage.tsx';
import { namesOf } from '../../components/flows/replaced-words.ts';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { Notice } from '../../components/Notice.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { onOldImages, startingWords } from './replacement-words.ts';
import { isUnused, useOldImages } from './use-old-images.ts';

interface StillOnOldProps {
  at: PathScope;
  replacement: ReplacementDetail;
}

/** Farms, owners and servers that are still on an old image; once there are none, what can be deleted. */
export function StillOnOld({ at, replacement }: StillOnOldProps) {
  const { pairs, staleServers, farmsOnOldImage, farmList } = replacement;
  const owners = new Set(farmList.map(({ owner }) => owner.id)).size;
  return (
    <DetailSection title={pairs.length === 1 ? 'On the old image' : 'On the old images'}>
      <p>
        {onOldImages(replacement)} {startingWords(replacement)}{' '}
        {staleServers > 0 && <Link to={usageAddress(at, replacement)}>Show what is to move</Link>}{' '}
        {staleServers > 0 && (
          <Link to={usageAddress(at, replacement, { dialog: 'contact' })}>Contact owners</Link>
        )}
      </p>
      {staleServers > 0 && (
        <MoveToNewImage at={at} what={{ replacement: { id: replacement.id } }} />
      )}
      <ReadyToDelete at={at} replacement={replacement} />
      {farmList.length > 0 && (
        <>
          <p>
            {formatQuantity(owners, 'owner')} of {formatQuantity(farmsOnOldImage, 'farm')}:
          </p>
          <FarmsOnOldTable farms={farmList} onPage />
        </>
      )}
      {farmList.length < farmsOnOldImage && farmList.length > 0 && (
        <p className="small dim">
          {farmList.length} of {farmsOnOldImage} farms are shown.
        </p>
      )}
    </DetailSection>
  );
}

/** The old version as a whole, where it is one; else its first image. */
function usageAddress(
  at: PathScope,
  { pairs, oldImage }: ReplacementDetail,
  open: { dialog?: string } = {},
): string {
  const [set, ...others] = new Set(pairs.map((pair) => pair.oldImage.imageSet?.id));
  const isOneSet = pairs.length > 1 && set !== undefined && others.length === 0;
  return paths.usage(at, {
    ...(isOneSet ? { imageSet: set } : { image: oldImage.id }),
    ...open,
  });
}

/** Says so once nothing uses any of the old images. */
function ReadyToDelete({ at, replacement }: StillOnOldProps) {
  const images = useOldImages(at, replacement);
  const left = replacement.pairs.flatMap(({ oldImage }) => images?.get(oldImage.id) ?? []);
  if (left.length === 0 || !left.every((image) => isUnused(at, image))) return null;
  const sets = new Set(replacement.pairs.flatMap(({ oldImage }) => oldImage.imageSet?.id ?? []));
  const [set] = sets;
  const [image, ...others] = left;
  return (
    <Notice>
      Nothing uses {namesOf(replacement, 'oldImage')} here any more: ready to delete.{' '}
      {image !== undefined && others.length === 0 && (
        <Link to={paths.image(at, image.id, { dialog: 'delete' })}>Delete the image</Link>
      )}
      {set !== undefined && sets.size === 1 && others.length > 0 && (
        <>
          <Link to={paths.imageSet(at, set, { dialog: 'delete' })}>Delete the version</Link>{' '}
          <Link to={paths.images(at, { view: 'images', imageSet: set })}>
            Show {formatQuantity(left.length, 'image')} to delete
          </Link>
        </>
      )}
    </Notice>
  );
}
