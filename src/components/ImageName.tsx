import { VisuallyHidden } from '@mantine/core';
import { IconArchive } from '@tabler/icons-react';
import { Link } from 'react-router';

import { tip } from './tip.ts';
import { paths } from '../util/paths.ts';
import type { PathScope } from '../util/paths.ts';

import classes from './ImageName.module.css';

interface ImageNameProps {
  /** A scope that sees the image. */
  at: PathScope;
  image: {
    id: string;
    name: string;
    cloudImageId: string;
    deprecated: boolean;
    found?: boolean | undefined;
  };
}

/** An image by name in a table of others, with its cloud id at hand; a deprecated one is marked. */
export function ImageName({ at, image }: ImageNameProps) {
  return (
    <span className={classes['image']}>
      <Link to={addressOf(at, image)} {...tip(`${image.name}, ${wordsOf(image)}`)}>
        {image.name}
      </Link>
      {image.deprecated && <DeprecatedMark />}
    </span>
  );
}

/** What is not in the catalogue is among the images that were found in clouds. */
function addressOf(at: PathScope, { id, cloudImageId, found }: ImageNameProps['image']): string {
  return found === true ? paths.cloudImages(at, { query: cloudImageId }) : paths.image(at, id);
}

function wordsOf({ cloudImageId, found }: ImageNameProps['image']): string {
  return found === true ? `${cloudImageId}, not in the catalogue` : cloudImageId;
}

/** What ImageName takes the room of: beside a deprecated image stands its mark. */
export function imageText({ name, deprecated }: ImageNameProps['image']): string {
  return deprecated ? `${name} ---` : name;
}

interface RoleImageNameProps {
  at: PathScope;
  /** Servers, and the image that their role has now. */
  of: { stale: boolean; roleImage: ImageNameProps['image'] };
}

/** The image that a role has now, where its servers run another one. */
export function RoleImageName({ at, of }: RoleImageNameProps) {
  if (!of.stale) return <span className="dim">the same</span>;
  return <ImageName at={at} image={of.roleImage} />;
}

/** The mark of a deprecated image where there is no room for the word. */
export function DeprecatedMark() {
  return (
    <span className={classes['deprecated']} {...tip('Deprecated')}>
      <IconArchive size={14} aria-hidden />
      <VisuallyHidden>deprecated</VisuallyHidden>
    </span>
  );
}
