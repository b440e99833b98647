import { useEffect, useRef } from 'react';
import type { ImageCandidate } from '#contract/images/image-candidates.ts';

import { ActionButton } from '../actions/ActionButton.tsx';
import { Notice } from '../Notice.tsx';

import classes from './flows.module.css';

interface OtherLineProps {
  old: { name: string };
  candidate: ImageCandidate;
  onTake: (candidate: ImageCandidate) => void;
  onBack: () => void;
}

/** Asks whether other software is really meant. It takes the focus, but Enter alone does not take the image. */
export function OtherLine({ old, candidate, onTake, onBack }: OtherLineProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <div ref={ref} tabIndex={-1} className={classes['outcome']}>
      <Notice tone="warning" urgent>
        <p>
          By its name, <strong>{candidate.name}</strong> is no other version of {old.name}, but
          other software. Roles and farms that use {old.name} would start it from then on.
        </p>
        <div className={classes['answers']}>
          <ActionButton size="xs" variant="filled" onClick={onBack}>
            Choose another image
          </ActionButton>
          <ActionButton size="xs" onClick={() => onTake(candidate)}>
            {`Use ${candidate.name} all the same`}
          </ActionButton>
        </div>
      </Notice>
    </div>
  );
}
