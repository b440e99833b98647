import { VisuallyHidden } from '@mantine/core';
import { IconArchive } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { UsageRow } from '#contract/usage.ts';

import { tip } from '../../components/tip.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import classes from './UsagePage.module.css';

interface ImageCellProps {
  /** A scope that sees the image. */
  at: PathScope;
  image: UsageRow['image'];
}

/** An image by name, with its cloud id at hand; a deprecated one is marked. */
export function ImageCell({ at, image }: ImageCellProps) {
  return (
    <span className={classes['image']}>
      <Link to={paths.image(at, image.id)} {...tip(`${image.name}, ${image.cloudImageId}`)}>
        {image.name}
      </Link>
      {image.deprecated && <DeprecatedMark />}
    </span>
  );
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
