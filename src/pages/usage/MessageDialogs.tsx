import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { UsageRow } from '#contract/farms/usage.ts';

import { usageListQuery } from '../../api/usage.ts';
import type { UsageFilters } from '../../api/usage.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

const ContactOwners = lazyPart(
  async () => (await import('../../components/contact/ContactOwners.tsx')).ContactOwners,
);
const AnswerUntil = lazy(() => import('./AnswerUntil.tsx'));
const OwnerMessage = lazy(() => import('./OwnerMessage.tsx'));

interface RowsMessageProps {
  at: PathScope;
  /** Of one owner. */
  rows: readonly UsageRow[];
  onClose: () => void;
}

/** The message about rows that are there already. */
export function RowsMessage(props: RowsMessageProps) {
  return (
    <Suspense>
      <OwnerMessage {...props} isPartial={false} />
    </Suspense>
  );
}

interface GroupMessageProps {
  at: PathScope;
  /** Of the page, with the farm or the owner that the message is about. */
  filters: UsageFilters;
  onClose: () => void;
}

/** The message about all rows of a farm or an owner under the filters. */
export function GroupMessage({ at, filters, onClose }: GroupMessageProps) {
  const list = useQuery(
    usageListQuery(at, { ...filters, sort: '-servers', maxResults: 100, cursor: 'start' }),
  );
  return (
    <Suspense>
      <OwnerMessage
        at={at}
        rows={list.data?.data}
        error={list.error}
        onRetry={() => void list.refetch()}
        isPartial={list.data?.pagination?.next != null}
        onClose={onClose}
      />
    </Suspense>
  );
}

/** Messages to all owners under the filters, or the answer of one of them. */
export function ContactDialog({ is, ...props }: GroupMessageProps & { is: 'contact' | 'answer' }) {
  return (
    <Suspense>
      {is === 'contact' ? <ContactOwners {...props} /> : <AnswerUntil {...props} />}
    </Suspense>
  );
}
