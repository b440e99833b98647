import type { ReactNode } from 'react';
import type { Blocker } from '#contract/errors.ts';

import type { PlanDifference } from '#contract/plans.ts';

import { errorFacts } from '../util/errors.ts';
import { formatQuantity } from '../util/format.ts';

import { ActionButton } from './actions/ActionButton.tsx';
import { Notice } from './Notice.tsx';

interface ErrorNoticeProps {
  error: unknown;
  /** Offers to try again; for reads. */
  onRetry?: (() => void) | undefined;
  /** Shows a blocker its own way, e.g. as a link; without it, its words are shown. */
  renderBlocker?: ((blocker: Blocker) => ReactNode) | undefined;
}

const nouns: Record<Blocker['type'], string> = {
  account: 'account',
  environment: 'environment',
  farm: 'farm',
  farmRole: 'farm role',
  hidden: 'object that you may not see',
  image: 'image',
  role: 'role',
  roleCategory: 'role category',
  project: 'project',
  server: 'server',
};

/** What stands in the way, in words. */
export function blockerWords(blocker: Blocker): string {
  const noun = nouns[blocker.type];
  if (blocker.type === 'hidden') {
    const plural = 'objects that you may not see';
    return formatQuantity(blocker.count ?? 1, noun, { plural });
  }
  const name = blocker.name ?? blocker.id;
  const words = name === undefined ? formatQuantity(blocker.count ?? 1, noun) : `${noun} ${name}`;
  return blocker.reason === undefined ? words : `${words}: ${blocker.reason}`;
}

/** What is new since the plan was shown, and what is gone. */
function Difference({ added, gone }: PlanDifference) {
  const lines = [
    ...added.map((item) => ({ ...item, now: 'New' })),
    ...gone.map((item) => ({ ...item, now: 'No longer' })),
  ];
  if (lines.length === 0) return null;
  return (
    <ul aria-label="What is different now">
      {lines.map(({ type, id, name, what, now }) => (
        <li key={`${now} ${type} ${id} ${what}`}>
          {now}: {type} {name} {what}
        </li>
      ))}
    </ul>
  );
}

/** The server's answer, in its own words, with everything that stands in the way. */
export function ErrorNotice({ error, onRetry, renderBlocker = blockerWords }: ErrorNoticeProps) {
  const facts = errorFacts(error);
  return (
    <Notice tone="danger" urgent>
      <p>{facts.message}</p>
      {facts.blockers.length > 0 && (
        <ul>
          {facts.blockers.map((blocker, index) => (
            // Blockers have no key of their own, and the list never changes in place.
            // eslint-disable-next-line react/no-array-index-key
            <li key={index}>{renderBlocker(blocker)}</li>
          ))}
        </ul>
      )}
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
