import { useEffect, useRef, useState, useSyncExternalStore } from 'react';

import { useLatest } from '../../hooks/use-latest.ts';

/** Whoever has waited that long for an answer wants the one to what is typed by now. */
const patienceMs = 250;

/**
 * What is typed into a search. Apart from the page, so that a key renders anew only what shows it: the
 * field and the rows.
 */
export interface Typed {
  read: () => string;
  write: (text: string) => void;
  subscribe: (listener: () => void) => () => void;
}

function createTyped(text: string): Typed {
  let now = text;
  const listeners = new Set<() => void>();
  return {
    read: () => now,
    write: (next) => {
      if (next === now) return;
      now = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What is typed at the moment. */
export function useTyped({ subscribe, read }: Typed): string {
  return useSyncExternalStore(subscribe, read);
}

/**
 * The text of a search. The first key is asked for at once, and while its answer is on the way the next
 * ones are gathered, so that the server is asked once for all of them. A change of the address from
 * elsewhere (Back, Clear all) wins over the text.
 * @param value what the address has
 * @param ask puts a text there
 * @param isAnswering the answer to what the address has is on its way
 */
export function useSearch(value: string, ask: (text: string) => void, isAnswering: boolean): Typed {
  const [typed] = useState(() => createTyped(value));
  // What was asked for comes back as the value some time later, when more may have been asked for.
  const sent = useRef<readonly string[]>([]);
  const timer = useRef<number>(undefined);
  const asked = () => sent.current.at(-1) ?? value;
  const isBusy = () => isAnswering || asked() !== value;
  const send = useLatest(() => {
    const wanted = typed.read().trim();
    if (wanted === asked()) return;
    sent.current = isBusy() ? [...sent.current, wanted] : [wanted];
    ask(wanted);
  });
  const askIfNew = useLatest(() => {
    window.clearTimeout(timer.current);
    if (isBusy()) timer.current = window.setTimeout(send, patienceMs);
    else send();
  });
  useEffect(() => {
    const echo = sent.current.indexOf(value);
    sent.current = echo === -1 ? [] : sent.current.slice(echo + 1);
    if (echo === -1) typed.write(value);
  }, [typed, value]);
  useEffect(() => askIfNew(), [askIfNew, value, isAnswering]);
  useEffect(() => typed.subscribe(askIfNew), [typed, askIfNew]);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return typed;
}
