import { useLocation, useSearchParams } from 'react-router';

import { patternParam } from '../../util/search-params.ts';
import { uuidPattern } from '../../util/uuid.ts';

const field = patternParam(uuidPattern);

/** The new image that the address names (`with=`), so that a choice can be linked and reloaded. */
export function useNewImage(): [id: string | undefined, set: (id: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const state: unknown = useLocation().state;
  const set = (id: string | undefined) =>
    setParams(
      (current) => {
        const next = new URLSearchParams(current);
        if (id === undefined) next.delete('with');
        else next.set('with', id);
        return next;
      },
      // The step stays what it is: one over a page (hooks/use-dialog.ts).
      { replace: true, preventScrollReset: true, state },
    );
  // The server knows ids in lower case.
  return [field.read(params.get('with') ?? undefined)?.toLowerCase(), set];
}
