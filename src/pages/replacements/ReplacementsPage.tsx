import { useMemo } from 'react';
import type { Replacement } from '#contract/replacements/replacements.ts';

import { replacementListQuery } from '../../api/replacements.ts';
import { replacedWords } from '../../components/flows/replaced-words.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { replacementColumns, replacementDetails } from './replacement-columns.tsx';
import { listInputOf, useReplacementList } from './replacement-filters.ts';

const rowKey = ({ id }: Replacement) => id;

/** Starts reading the list before the page is there. */
export const loader = scopedLoader((at, search) => {
  void queryClient.prefetchQuery(replacementListQuery(at, listInputOf(search)));
});

/** Replacements that a scope sees, planned and carried out, newest first. */
export const Component = scopedPage(ReplacementList);

function ReplacementList({ at }: { at: PathScope }) {
  const listing = useReplacementList(at);
  const columns = useMemo(() => replacementColumns(at), [at]);
  return (
    <ListPage
      {...{ at, listing, columns, rowKey }}
      rowLabel={replacedWords}
      rowDetails={replacementDetails}
      noun="replacement"
      hint="Open the version or the image that is old, and choose Replace."
    />
  );
}
