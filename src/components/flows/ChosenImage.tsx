import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';

import { imageQuery } from '../../api/images.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { PlaceBadge } from '../PlaceBadge.tsx';
import { RelativeTime } from '../RelativeTime.tsx';

import classes from './flows.module.css';

interface ChosenImageProps {
  at: PathScope;
  imageId: string;
  label: string;
  onChange: () => void;
}

/** The image that was chosen, and the way to choose another. */
export function ChosenImage({ at, imageId, label, onChange }: ChosenImageProps) {
  const { data: image, error } = useQuery(imageQuery(at, imageId));
  // The list that it was chosen from is gone, and the focus with it.
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <div ref={ref} tabIndex={-1} data-autofocus className={classes['outcome']}>
      <div className={classes['label']}>{label}</div>
      {error !== null && <ErrorNotice error={error} />}
      <div className={classes['chosen']}>
        <div className={classes['chosenText']}>
          <Link className={classes['chosenName']} to={paths.image(at, imageId)} target="_blank">
            {image?.name ?? imageId}
          </Link>
          {image !== undefined && (
            <span className="dim small">
              <PlaceBadge place={image} /> · {image.architecture} ·{' '}
              <span className="mono">{image.cloudImageId}</span> · added{' '}
              <RelativeTime at={image.added} />
            </span>
          )}
        </div>
        <ActionButton size="xs" onClick={onChange}>
          Choose another image
        </ActionButton>
      </div>
    </div>
  );
}
