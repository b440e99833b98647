import { VisuallyHidden } from '@mantine/core';
import { Suspense, useState } from 'react';
import type { Blocker } from '#contract/blockers.ts';

import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { blockerLink } from '../blocker-link.tsx';
import { BlockerList } from '../BlockerList.tsx';

import { blockerName, clearingWords, isClearable, onlyWaits } from './clearing.ts';
import type { ClearableBlocker } from './clearing.ts';

// Most people only want to see the list.
const ClearBlocker = lazyPart(async () => (await import('./ClearBlocker.tsx')).ClearBlocker);

interface ClearableBlockersProps {
  at: PathScope;
  blockers: readonly Blocker[];
  /** Where an image is, for a list about several images. */
  placeOf?: (imageId: string | number | undefined) => string | undefined;
}

/** What stands in the way, each with a link to it and the action that clears it. */
export function ClearableBlockers({ at, blockers, placeOf }: ClearableBlockersProps) {
  const [clearing, setClearing] = useState<ClearableBlocker>();
  const link = blockerLink(at);
  return (
    <>
      <BlockerList
        blockers={blockers}
        renderBlocker={link}
        renderEnd={(blocker) => (
          <ClearButton
            blocker={blocker}
            place={placeOf?.(blocker.clearBy?.[0]?.params['imageId'])}
            onClear={setClearing}
          />
        )}
      />
      {clearing !== undefined && (
        <Suspense>
          <ClearBlocker blocker={clearing} onClose={() => setClearing(undefined)} />
        </Suspense>
      )}
    </>
  );
}

interface ClearButtonProps {
  blocker: Blocker;
  place: string | undefined;
  onClear: (blocker: ClearableBlocker) => void;
}

function ClearButton({ blocker, place, onClear }: ClearButtonProps) {
  if (onlyWaits(blocker)) return <span className="dim small">is ending: wait for it</span>;
  if (!isClearable(blocker)) return null;
  return (
    <>
      {place !== undefined && <span className="dim small">{place} </span>}
      <ActionButton size="xs" onClick={() => onClear(blocker)} onIntent={ClearBlocker.fetchAhead}>
        {clearingWords(blocker).label}
        <VisuallyHidden>
          {' '}
          {blockerName(blocker)} {place}
        </VisuallyHidden>
      </ActionButton>
    </>
  );
}
