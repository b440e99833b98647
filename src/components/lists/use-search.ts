import { useEffect, useState } from 'react';

import { useLatest } from '../../hooks/use-latest.ts';

/** Whoever has waited that long for an answer wants the one to what is typed by now. */
const patienceMs = 250;

/**
 * The text of a search. What is typed shows at once. The first key is asked for at once, and while its
 * answer is on the way the next ones are gathered, so that the server is asked once for all of them. A
 * change of the address from elsewhere (Back, Clear all) wins over the text.
 * @param value what the address has
 * @param ask puts a text there
 * @param isAnswering the answer to what the address has is on its way
 */
export function useSearch(value: string, ask: (text: string) => void, isAnswering: boolean) {
  const [text, setText] = useState(value);
  const [asked, setAsked] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    if (value !== asked) {
      setAsked(value);
      setText(value);
    }
  }
  const wanted = text.trim();
  // The address follows a moment later.
  const isBusy = isAnswering || asked !== value;
  const askNow = useLatest(() => {
    setAsked(wanted);
    ask(wanted);
  });
  useEffect(() => {
    if (wanted === asked) return undefined;
    if (!isBusy) {
      askNow();
      return undefined;
    }
    const timer = window.setTimeout(askNow, patienceMs);
    return () => window.clearTimeout(timer);
  }, [wanted, asked, isBusy, askNow]);
  return { text, onType: setText, wanted };
}
