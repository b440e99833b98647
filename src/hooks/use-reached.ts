import { useState } from 'react';
import type { KeyboardEvent } from 'react';

/**
 * Which of the options under a text field the arrows have reached; Enter chooses it.
 * @param start where the arrows begin, and begin again after `restart`
 */
export function useReached<Item>(items: readonly Item[], choose: (item: Item) => void, start = 0) {
  const [active, setActive] = useState<number>();
  const index = Math.min(active ?? start, items.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setActive((index + step + items.length) % items.length);
    }
    const item = items[index];
    if (event.key === 'Enter' && item !== undefined) {
      event.preventDefault();
      choose(item);
    }
  };
  return { index, onKeyDown, restart: () => setActive(undefined) };
}
