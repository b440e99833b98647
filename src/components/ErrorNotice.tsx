import type { ReactNode } from 'react';
import type { Blocker } from '#contract/errors.ts';

import { errorFacts } from '../util/errors.ts';
import { useLostObject } from '../util/lost-object.ts';

import { ActionButton } from './actions/ActionButton.tsx';
import { BlockerList } from './BlockerList.tsx';
import { Difference } from './objects/Difference.tsx';
import { Notice } from './Notice.tsx';

interface ErrorNoticeProps {
  error: unknown;
  /** Offers to try again; for reads. */
  onRetry?: (() => void) | undefined;
  /** Shows a blocker its own way, e.g. as a link; without it, its words are shown. */
  renderBlocker?: ((blocker: Blocker) => ReactNode) | undefined;
}

/** The server's answer, in its own words, with everything that stands in the way. */
export function ErrorNotice({ error, onRetry, renderBlocker }: ErrorNoticeProps) {
  const facts = errorFacts(error);
  const lost = useLostObject();
  // The parts of a page whose object is gone would all say what its top says.
  if (onRetry !== undefined && lost?.message === facts.message) return null;
  return (
    <Notice tone="danger" urgent>
      <p>{facts.message}</p>
      <BlockerList blockers={facts.blockers} renderBlocker={renderBlocker} />
      {facts.difference !== undefined && <Difference {...facts.difference} />}
      {facts.status !== undefined && facts.status >= 500 && facts.requestId !== undefined && (
        <p className="small dim">Request {facts.requestId}</p>
      )}
      {onRetry !== undefined && (
        <ActionButton size="xs" onClick={onRetry}>
          Try again
        </ActionButton>
      )}
    </Notice>
  );
}
