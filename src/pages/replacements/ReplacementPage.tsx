import { useState } from 'react';
import { useParams } from 'react-router';

import { useObject } from '../../api/query.ts';
import { replacementQuery } from '../../api/replacements.ts';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { queryClient } from '../../query-client.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { DoneDetails } from './DoneDetails.tsx';
import { PlanDetails } from './PlanDetails.tsx';

/** Starts reading before the page is there. */
export const loader = scopedLoader((at, _search, { replacementId = '' }) => {
  void queryClient.prefetchQuery(replacementQuery(at, replacementId));
});

/** One replacement: while it is planned, what it would do; afterwards what it did, and the way back. */
export function Component() {
  const at = useScope();
  const { replacementId = '' } = useParams();
  const replacement = useObject(replacementQuery(at, replacementId));
  if (replacement === undefined) return <PageSkeleton />;
  return <Details key={replacementId} at={at} replacement={replacement} />;
}

function Details({ at, replacement }: { at: PathScope; replacement: ReplacementDetail }) {
  const isDone = replacement.state === 'applied' || replacement.state === 'rolledBack';
  const [wasDone] = useState(isDone);
  if (!isDone) return <PlanDetails at={at} replacement={replacement} />;
  return <DoneDetails at={at} replacement={replacement} isNew={!wasDone} />;
}
