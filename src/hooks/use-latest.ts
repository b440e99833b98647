import { useCallback, useEffect, useRef } from 'react';

/** The same function for ever, which does what the one of the last render does. */
export function useLatest<Args extends unknown[], Result>(
  now: (...args: Args) => Result,
): (...args: Args) => Result {
  const latest = useRef(now);
  useEffect(() => {
    latest.current = now;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}
