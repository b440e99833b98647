import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { parseSearch, patchSearch } from '../util/search-params.ts';
import type { Fields, SearchPatch, SearchState } from '../util/search-params.ts';

/**
 * The state of a page in its address, typed by fields of util/search-params.ts: declare them outside of the component. A patch
 * makes a step in the history; with `replace` (typing) it changes the current one.
 */
export function useUrlState<F extends Fields>(
  fields: F,
): [
  state: SearchState<F>,
  patch: (
    change: SearchPatch & { [Key in keyof SearchState<F>]?: SearchPatch[string] },
    options?: { replace?: boolean },
  ) => void,
] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => parseSearch(fields, params), [fields, params]);
  const patch = useCallback(
    (change: SearchPatch, { replace = false }: { replace?: boolean } = {}) => {
      setParams((current) => patchSearch(fields, current, change), {
        replace,
        preventScrollReset: true,
      });
    },
    [fields, setParams],
  );
  return [state, patch];
}
