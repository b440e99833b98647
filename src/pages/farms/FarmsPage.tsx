import { useMemo } from 'react';
import type { Farm } from '#contract/farms/farms.ts';

import { farmListQuery } from '../../api/farms.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { queryClient } from '../../query-client.ts';
import { scopePath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { farmColumns } from './farm-columns.tsx';
import { listInputOf, useFarmList } from './farm-filters.ts';

const rowKey = (farm: Farm) => String(farm.id);
const rowLabel = (farm: Farm) => farm.name;

/** Starts reading the list before the page is there; the page shows skeletons until it came. */
export const loader = scopedLoader((at, search) => {
  void queryClient.prefetchQuery(farmListQuery(at, listInputOf(search)));
});

/** The farms at and below a scope. */
export function Component() {
  const at = useScope();
  return <FarmList key={scopePath(at)} at={at} />;
}

function FarmList({ at }: { at: PathScope }) {
  const listing = useFarmList(at);
  const columns = useMemo(() => farmColumns(at), [at]);
  return (
    <ListPage
      {...{ at, listing, columns, rowKey, rowLabel }}
      noun="farm"
      hint="A farm runs servers of one or more roles. Farms show here with the images that their servers run."
    />
  );
}
