import { useCallback, useEffect, useMemo, useRef } from 'react';
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
  // The router shows a change a moment later. A second change in between adds to the first one.
  const latest = useRef(params);
  useEffect(() => {
    latest.current = params;
  }, [params]);
  const patch = useCallback(
    (change: SearchPatch, { replace = false }: { replace?: boolean } = {}) => {
      latest.current = patchSearch(fields, latest.current, change);
      setParams(latest.current, { replace, preventScrollReset: true });
    },
    [fields, setParams],
  );
  return [state, patch];
}
