import type { ReactNode } from 'react';

import { errorFacts } from '../util/errors.ts';

import { ActionButton } from './actions/ActionButton.tsx';
import { EmptyState } from './EmptyState.tsx';

interface NotFoundProps {
  /** What is not there: `No image with this ID`. */
  title?: string;
  /** Likely reasons. */
  children?: ReactNode;
  /** Where to go instead. */
  to: string;
  toLabel: string;
}

/** For an address that leads nowhere, or to something that is gone or hidden from this user. */
export function NotFound({
  title = 'There is no such page',
  children,
  to,
  toLabel,
}: NotFoundProps) {
  return (
    <EmptyState
      isPage
      title={title}
      action={
        <ActionButton variant="filled" to={to}>
          {toLabel}
        </ActionButton>
      }
    >
      {children ??
        'The address may be mistyped, the object may have been deleted, or it belongs to a scope that you may not see.'}
    </EmptyState>
  );
}

interface ErrorPageProps {
  error: unknown;
  /** Tries again what failed. */
  onRetry: () => void;
}

/** When a page could not be shown: what failed, retry, and that the rest still works. */
export function ErrorPage({ error, onRetry }: ErrorPageProps) {
  const facts = errorFacts(error);
  return (
    <div role="alert">
      <EmptyState
        isPage
        title="This page could not be shown"
        action={
          <ActionButton variant="filled" onClick={onRetry}>
            Try again
          </ActionButton>
        }
      >
        {facts.message}
        {facts.requestId !== undefined && ` (request ${facts.requestId})`}
        <br />
        {/* What is said in a sentence alone is waited for: the other pages wait as well. */}
        {typeof error === 'string' ? '' : 'The other pages still work: '}
        {typeof error === 'string' ? 'Nothing was changed.' : 'nothing was changed.'}
      </EmptyState>
    </div>
  );
}
