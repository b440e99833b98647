import { startTransition, useEffect, useState } from 'react';

/**
 * Whether the rest of a long list is to be rendered: what fits the screen comes first, and the rest
 * once that was painted. A list that was whole stays whole while its rows change.
 * @param listKey names the list (filters, sort, page)
 * @param isReady its first rows are rendered
 */
export function useRest(listKey: string, isReady: boolean): boolean {
  const [wholeKey, setWholeKey] = useState<string>();
  useEffect(() => {
    if (!isReady) return undefined;
    let timer: number | undefined;
    const frame = requestAnimationFrame(() => {
      timer = window.setTimeout(() => startTransition(() => setWholeKey(listKey)));
    });
    return () => {
      cancelAnimationFrame(frame);
      window.clearTimeout(timer);
    };
  }, [listKey, isReady]);
  return wholeKey === listKey;
}
