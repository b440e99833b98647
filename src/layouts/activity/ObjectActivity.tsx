import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';

import { operationListQuery } from '../../api/operations.ts';
import { OperationDays } from '../../components/activity/OperationDays.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { DetailSection } from '../DetailLayout.tsx';

interface ObjectActivityProps {
  at: PathScope;
  /** As the filter of the list has it: `role:17`, for a version `imageSet:ubuntu-24-04/web-1.2`. */
  object: string;
}

/** The last few that are shown on the page of an object itself. */
const few = 5;

/** What was done with an object lately, and the way to all of it. */
export function ObjectActivity({ at, object }: ObjectActivityProps) {
  const list = useQuery(operationListQuery(at, { object, maxResults: few, cursor: 'start' }));
  const rows = list.data?.data;
  const hasMore = list.data?.pagination?.next !== null;
  return (
    <DetailSection title="Activity">
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {rows?.length === 0 && <p className="dim">Nothing was changed here yet.</p>}
      {rows !== undefined && <OperationDays at={at} operations={rows} />}
      {rows !== undefined && rows.length > 0 && hasMore && (
        <p>
          <Link to={paths.activity(at, { object })}>All of its activity</Link>
        </p>
      )}
    </DetailSection>
  );
}
