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

interface Sorted<T> {
  possible: readonly T[];
  others: readonly { object: T; reason: string }[];
}

/** The selected objects that an action can change, and why not the others. */
function sortOut<T>(action: ObjectAction<T>, objects: readonly T[]): Sorted<T> {
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

/** What can be done with the selected objects, and the dialog that does it: with each, or with all in one change. */
export function BulkActions<T extends { id: string | number }>(props: BulkActionsProps<T>) {
  const { kind, at, objects, nameOf, onClear } = props;
  const { noun } = kind;
  // The selection is not in the address, so neither is the dialog about it.
  const [open, setOpen] = useState<{ action: ObjectAction<T> } & Sorted<T>>();
  const items = Object.values(kind.actions)
    .filter(({ bulk, together }) => bulk !== undefined || together !== undefined)
    .map((action): ActionItem => {
      const { possible, others } = sortOut(action, objects);
      return {
        id: action.label,
        label: `${action.label}${action.together === undefined ? '' : ':'} ${formatQuantity(possible.length || objects.length, noun)}`,
        danger: action.danger ?? false,
        disabledReason: possible.length === 0 ? reasonForNone(others) : undefined,
        onSelect: () => setOpen({ action, possible, others }),
        onIntent: (action.together ?? BulkDialog).fetchAhead,
      };
    });
  const Together = open?.action.together;
  return (
    <>
      <BulkBar count={objects.length} noun={noun} actions={items} onClear={onClear} />
      <Suspense>
        {open !== undefined && Together !== undefined && (
          <Together at={at} objects={open.possible} onClose={() => setOpen(undefined)} />
        )}
        {open !== undefined && isBulk(open.action) && (
          <EachDialog
            {...{ kind, at, nameOf }}
            {...open}
            action={open.action}
            onClose={(isDone) => {
              setOpen(undefined);
              if (isDone) onClear();
            }}
          />
        )}
      </Suspense>
    </>
  );
}

interface EachDialogProps<T>
  extends Pick<BulkActionsProps<T>, 'kind' | 'at' | 'nameOf'>, Sorted<T> {
  action: BulkAction<T>;
  onClose: BulkDialogProps['onClose'];
}

/** Does it with one after the other. */
function EachDialog<T extends { id: string | number }>(props: EachDialogProps<T>) {
  const { kind, at, nameOf, action, possible, others, onClose } = props;
  const { plan } = useEach();
  const named = (object: T) => ({ id: String(object.id), name: nameOf(object) });
  const changes = possible.map((object) => ({
    key: String(object.id),
    change: action.bulk.changeOf(at, object),
  }));
  return (
    <BulkDialog
      {...plan(changes)}
      {...{ action, onClose }}
      noun={kind.noun}
      possible={possible.map(named)}
      others={others.map(({ object, reason }) => ({ ...named(object), reason }))}
    />
  );
}
