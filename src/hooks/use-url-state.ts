import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { z } from 'zod';

import { parseSearch, patchSearch } from '../util/search-params.ts';
import type { SearchPatch, SearchSchema } from '../util/search-params.ts';

/**
 * The state of a page in its address, typed by a schema of util/search-params.ts fields. A patch
 * makes a step in the history; with `replace` (typing) it changes the current one.
 */
export function useUrlState<Schema extends SearchSchema>(
  schema: Schema,
): [
  state: z.output<Schema>,
  patch: (
    change: SearchPatch & { [Key in keyof z.output<Schema>]?: SearchPatch[string] },
    options?: { replace?: boolean },
  ) => void,
] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => parseSearch(schema, params), [schema, params]);
  const patch = useCallback(
    (change: SearchPatch, { replace = false }: { replace?: boolean } = {}) => {
      setParams((current) => patchSearch(schema, current, change), {
        replace,
        preventScrollReset: true,
      });
    },
    [schema, setParams],
  );
  return [state, patch];
}
