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
  image: { id: string; name: string; cloudImageId: string; deprecated: boolean };
}

/** An image by name in a table of others, with its cloud id at hand; a deprecated one is marked. */
export function ImageName({ at, image }: ImageNameProps) {
  return (
    <span className={classes['image']}>
      <Link to={paths.image(at, image.id)} {...tip(`${image.name}, ${image.cloudImageId}`)}>
        {image.name}
      </Link>
      {image.deprecated && <DeprecatedMark />}
    </span>
  );
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
