import { Suspense } from 'react';

import { useDialog } from '../../hooks/use-dialog.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

import type { ObjectKind } from './object-actions.tsx';

const NotShown = lazyPart(async () => (await import('./ObjectNotShown.tsx')).ObjectNotShown);

interface ObjectDialogsProps<T> {
  kind: ObjectKind<T>;
  at: PathScope;
  /** The page's object; where a page shows many, the address names it (`on`). */
  id?: string | number;
  onGone?: () => void;
}

/** The open dialog about an object, as the address has it: mount it once on a page of such objects. */
export function ObjectDialogs<T>({ kind, at, id, onGone }: ObjectDialogsProps<T>) {
  const { dialog, on, close } = useDialog(Object.keys(kind.actions));
  const about = id?.toString() ?? on;
  if (dialog === undefined || about === undefined) return null;
  return (
    <Suspense>
      <OpenDialog
        key={`${dialog} ${about}`}
        {...{ kind, at, name: dialog, id: about, onGone }}
        onClose={close}
      />
    </Suspense>
  );
}

interface OpenDialogProps<T> {
  kind: ObjectKind<T>;
  at: PathScope;
  name: string;
  id: string;
  onClose: () => void;
  onGone: (() => void) | undefined;
}

/** One dialog about one object, which it reads first. */
function OpenDialog<T>({ kind, at, name, id, onClose, onGone }: OpenDialogProps<T>) {
  const { data: object, error } = kind.useRead(at, id);
  const Content = kind.actions[name]?.dialog;
  if (object !== undefined && Content !== undefined) {
    return <Content {...{ at, object, onClose, onGone }} />;
  }
  return error === null ? null : <NotShown noun={kind.noun} error={error} onClose={onClose} />;
}
