import { useCallback } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';

import { keyOfHistory } from '../util/history-place.ts';
import { dialogParams } from '../util/search-params.ts';

export interface DialogState<Name extends string> {
  /** The open dialog, or undefined. */
  dialog: Name | undefined;
  /** The id of what it is about, where the page shows many. */
  on: string | undefined;
  open: (dialog: Name, on?: string | number) => void;
  close: () => void;
}

/** What a step of the history says of itself where a dialog opened over its page. */
const overPage = { isOverPage: true };

let isGoingBack = false;

/** Steps back once, however often it is asked for meanwhile: a step takes a moment. */
function goBack(step: (delta: number) => unknown): void {
  if (isGoingBack) return;
  isGoingBack = true;
  window.addEventListener('popstate', () => (isGoingBack = false), { once: true });
  step(-1);
}

/**
 * The open dialog as part of the address (`?dialog=promote&on=12`): it can be linked, Back closes
 * it, and a reload keeps it. Closing it takes its step out of the history again. Names that the page does not know count as no dialog. What a dialog itself
 * keeps there (`with`) goes when it is closed.
 */
export function useDialog<const Name extends string>(names: readonly Name[]): DialogState<Name> {
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const { state, key } = useLocation() as { state: unknown; key: string };
  const isOverPage = (state as Partial<typeof overPage> | null)?.isOverPage === true;
  const isOpen = params.has('dialog');
  const dialog = names.find((name) => name === params.get('dialog'));
  const open = useCallback(
    (name: Name, on?: string | number) => {
      setParams(
        (current) => {
          const next = new URLSearchParams(current);
          next.set('dialog', name);
          if (on === undefined) next.delete('on');
          else next.set('on', String(on));
          return next;
        },
        // One that opens from another takes its step.
        isOpen
          ? { replace: true, preventScrollReset: true, state }
          : { preventScrollReset: true, state: overPage },
      );
    },
    [setParams, isOpen, state],
  );
  const close = useCallback(() => {
    if (isOverPage) {
      // Where the browser is still on its way here, it is being asked already.
      if (keyOfHistory() === key) goBack(navigate);
      return;
    }
    setParams(
      (current) => {
        const next = new URLSearchParams(current);
        for (const name of dialogParams) next.delete(name);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  }, [setParams, isOverPage, navigate, key]);
  return { dialog, on: params.get('on') ?? undefined, open, close };
}
