import { Suspense, useState } from 'react';

import { useEach } from '../../api/each.ts';
import { formatQuantity } from '../../util/format.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import type { ActionItem } from '../actions/ActionMenu.tsx';
import { BulkBar } from '../table/BulkBar.tsx';

import type { BulkDialogProps } from './BulkDialog.tsx';
import type { BulkAction, ObjectAction, ObjectKind } from './object-actions.tsx';

const BulkDialog = lazyPart(async () => (await import('./BulkDialog.tsx')).BulkDialog);

function isBulk<T>(action: ObjectAction<T>): action is BulkAction<T> {
  return action.bulk !== undefined;
}

/** The selected objects that an action can change, and why not the others. */
function sortOut<T>(action: BulkAction<T>, objects: readonly T[]) {
  const judged = objects.map((object) => ({
    object,
    reason: action.pointless?.(object) ?? reasonAgainst(action.verdict(object)),
  }));
  return {
    possible: judged.filter(({ reason }) => reason === undefined).map(({ object }) => object),
    others: judged.flatMap(({ object, reason }) =>
      reason === undefined ? [] : [{ object, reason }],
    ),
  };
}

function reasonForNone(others: readonly { reason: string }[]): string {
  const reasons = [...new Set(others.map(({ reason }) => reason))];
  const more = reasons.length > 2 ? [`And ${reasons.length - 2} more reasons.`] : [];
  return [...reasons.slice(0, 2), ...more].join(' ');
}

interface BulkActionsProps<T> {
  kind: ObjectKind<T>;
  at: PathScope;
  /** The selected ones. */
  objects: readonly T[];
  /** What each is called, where many stand side by side. */
  nameOf: (object: T) => string;
  onClear: () => void;
}

/** What can be done with the selected objects, and the dialog that does it. */
export function BulkActions<T extends { id: string }>(props: BulkActionsProps<T>) {
  const { kind, at, objects, nameOf, onClear } = props;
  const { noun } = kind;
  // The selection is not in the address, so neither is the dialog about it.
  const [open, setOpen] = useState<{ action: BulkAction<T> } & ReturnType<typeof sortOut<T>>>();
  const each = useEach();
  const items = Object.values(kind.actions)
    .filter(isBulk)
    .map((action): ActionItem => {
      const { possible, others } = sortOut(action, objects);
      return {
        id: action.label,
        label: `${action.label} ${formatQuantity(possible.length || objects.length, noun)}`,
        danger: action.danger ?? false,
        disabledReason: possible.length === 0 ? reasonForNone(others) : undefined,
        onSelect: () => setOpen({ action, possible, others }),
        onIntent: BulkDialog.fetchAhead,
      };
    });
  const named = (object: T) => ({ id: object.id, name: nameOf(object) });
  const dialogOf = ({ action, possible, others }: NonNullable<typeof open>): BulkDialogProps => ({
    ...each.plan(
      possible.map((object) => ({ key: object.id, change: action.bulk.changeOf(at, object) })),
    ),
    action,
    noun,
    possible: possible.map(named),
    others: others.map(({ object, reason }) => ({ ...named(object), reason })),
    onClose: (isDone) => {
      setOpen(undefined);
      if (isDone) onClear();
    },
  });
  return (
    <>
      <BulkBar count={objects.length} noun={noun} actions={items} onClear={onClear} />
      {open !== undefined && (
        <Suspense>
          <BulkDialog {...dialogOf(open)} />
        </Suspense>
      )}
    </>
  );
}
