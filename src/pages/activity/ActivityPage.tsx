import { useUrlState } from '../../hooks/use-url-state.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { denialListQuery, operationListQuery } from '../../api/operations.ts';
import { queryClient } from '../../query-client.ts';
import { scopePath } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import { parseSearch } from '../../util/search-params.ts';

import { ActivityList } from './ActivityList.tsx';
import { denialInput, listInput, search } from './activity-filters.ts';
import { DenialList } from './DenialList.tsx';

/** Starts reading the list before the page is there. */
export const loader = scopedLoader((at, params) => {
  const state = parseSearch(search, params);
  if (state.view === 'denied')
    void queryClient.prefetchQuery(denialListQuery(at, denialInput(state)));
  else void queryClient.prefetchQuery(operationListQuery(at, listInput(state)));
});

/** Who did what at and below a scope, when and why; for administrators also what was refused. */
export function Component() {
  const at = useScope();
  const [{ view }] = useUrlState(search);
  const List = view === 'denied' ? DenialList : ActivityList;
  return <List key={scopePath(at)} at={at} />;
}
