import { VisuallyHidden } from '@mantine/core';
import { Link } from 'react-router';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';
import type { Image } from '#contract/images/images.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { formatQuantity } from '../../util/format.ts';
import { objectState } from '../../util/object-state.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import classes from './ImageSetMatrix.module.css';

interface ImageSetMatrixProps {
  at: PathScope;
  set: ImageSet;
  images: readonly Image[];
}

/** The images of a set by place and architecture, with the gaps in sight. */
export function ImageSetMatrix({ at, set, images }: ImageSetMatrixProps) {
  return (
    <div className={classes['frame']}>
      <table className={classes['table']} aria-label="Images by place and architecture">
        <thead>
          <tr>
            <th scope="col">Place</th>
            {set.architectures.map((architecture) => (
              <th key={architecture} scope="col">
                {architecture}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {set.places.map((place) => (
            <tr key={`${place.cloudPlatform} ${place.cloudLocation}`}>
              <th scope="row">
                <CloudLocation platform={place.cloudPlatform} location={place.cloudLocation} />
              </th>
              {set.architectures.map((architecture) => (
                <td key={architecture}>
                  <Cell
                    at={at}
                    images={images.filter(
                      (image) =>
                        image.architecture === architecture &&
                        image.cloudPlatform === place.cloudPlatform &&
                        image.cloudLocation === place.cloudLocation,
                    )}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function wordsOfUse({ usage }: Image): string {
  return `${formatQuantity(usage?.roles ?? 0, 'role')}, ${formatQuantity(usage?.servers ?? 0, 'server')}`;
}

/** Usually one image; a name may be registered twice in a place. */
function Cell({ at, images }: { at: PathScope; images: readonly Image[] }) {
  if (images.length === 0)
    return (
      <>
        <span className={classes['none']} aria-hidden />
        <VisuallyHidden>No image</VisuallyHidden>
      </>
    );
  return images.map((image) => (
    <div key={image.id} className={classes['cell']}>
      <StatusBadge state={objectState(image)} />
      <Link
        to={paths.image(at, image.id)}
        aria-label={`${wordsOfUse(image)}: image ${image.cloudImageId}`}
      >
        {wordsOfUse(image)}
      </Link>
      <CopyableId id={image.cloudImageId} what="cloud image ID" />
    </div>
  ));
}
