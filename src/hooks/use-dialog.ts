import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

import { dialogParams } from '../util/search-params.ts';

export interface DialogState<Name extends string> {
  /** The open dialog, or undefined. */
  dialog: Name | undefined;
  /** The id of what it is about, where the page shows many. */
  on: string | undefined;
  open: (dialog: Name, on?: string | number) => void;
  close: () => void;
}

/**
 * The open dialog as part of the address (`?dialog=promote&on=12`): it can be linked, Back closes
 * it, and a reload keeps it. Names that the page does not know count as no dialog. What a dialog itself
 * keeps there (`with`) goes when it is closed.
 */
export function useDialog<const Name extends string>(names: readonly Name[]): DialogState<Name> {
  const [params, setParams] = useSearchParams();
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
        { preventScrollReset: true },
      );
    },
    [setParams],
  );
  const close = useCallback(() => {
    setParams(
      (current) => {
        const next = new URLSearchParams(current);
        for (const name of dialogParams) next.delete(name);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  }, [setParams]);
  return { dialog, on: params.get('on') ?? undefined, open, close };
}
