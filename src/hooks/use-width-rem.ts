import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';

/**
 * The width of an element in rem, so that a larger text size counts. Undefined when it is rendered for
 * the first time, and known before that is painted: what depends on it is best rendered then, once.
 */
export function useWidthRem(element: RefObject<HTMLElement | null>): number | undefined {
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setWidth(current.getBoundingClientRect().width / rem);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
