import { Checkbox, VisuallyHidden } from '@mantine/core';
import { Link } from 'react-router';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';
import type { Image } from '#contract/images/images.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { locationWords } from '../../components/flows/flow-names.ts';
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
  /** The ids of the selected images. */
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
}

/** The images of a set by place and architecture, with the gaps in sight. */
export function ImageSetMatrix({ at, set, images, ...selection }: ImageSetMatrixProps) {
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
                    {...selection}
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

function toggled(selected: ReadonlySet<string>, id: string, isSelected: boolean) {
  const next = new Set(selected);
  if (isSelected) next.add(id);
  else next.delete(id);
  return next;
}

/** Usually one image; a name may be registered twice in a place. */
function Cell({ at, images, selected, onSelect }: Omit<ImageSetMatrixProps, 'set'>) {
  if (images.length === 0)
    return (
      <>
        <span className={classes['none']} aria-hidden />
        <VisuallyHidden>No image</VisuallyHidden>
      </>
    );
  return images.map((image) => (
    <div key={image.id} className={classes['cell']}>
      <Checkbox
        size="xs"
        aria-label={`Select image ${image.cloudImageId} in ${locationWords(image)}`}
        checked={selected.has(image.id)}
        onChange={(event) => onSelect(toggled(selected, image.id, event.target.checked))}
      />
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
