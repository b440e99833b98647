import { useSearchParams } from 'react-router';

import { patternParam } from '../../util/search-params.ts';
import { uuidPattern } from '../../util/uuid.ts';

const field = patternParam(uuidPattern);

/** The new image that the address names (`with=`), so that a choice can be linked and reloaded. */
export function useNewImage(): [id: string | undefined, set: (id: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const set = (id: string | undefined) =>
    setParams(
      (current) => {
        const next = new URLSearchParams(current);
        if (id === undefined) next.delete('with');
        else next.set('with', id);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  // The server knows ids in lower case.
  return [field.read(params.get('with') ?? undefined)?.toLowerCase(), set];
}
