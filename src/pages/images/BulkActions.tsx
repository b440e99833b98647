import { Suspense, useState } from 'react';
import type { Image } from '#contract/images/images.ts';

import { useEach } from '../../api/each.ts';
import { BulkBar } from '../../components/table/BulkBar.tsx';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import type { BulkAction, ObjectAction } from '../../components/objects/object-actions.tsx';
import { formatQuantity } from '../../util/format.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { imageKind } from './image-actions.ts';

const BulkDialog = lazyPart(async () => (await import('./BulkDialog.tsx')).BulkDialog);

function isBulk(action: ObjectAction<Image>): action is BulkAction<Image> {
  return action.bulk !== undefined;
}

/** The selected images that an action can change, and why not the others. */
function sortOut(action: BulkAction<Image>, images: readonly Image[]) {
  const judged = images.map((image) => ({
    image,
    reason: action.pointless?.(image) ?? reasonAgainst(action.verdict(image)),
  }));
  return {
    possible: judged.filter(({ reason }) => reason === undefined).map(({ image }) => image),
    others: judged.flatMap(({ image, reason }) =>
      reason === undefined ? [] : [{ image, reason }],
    ),
  };
}

function reasonForNone(others: readonly { reason: string }[]): string {
  const reasons = [...new Set(others.map(({ reason }) => reason))];
  const more = reasons.length > 2 ? [`And ${reasons.length - 2} more reasons.`] : [];
  return [...reasons.slice(0, 2), ...more].join(' ');
}

interface BulkActionsProps {
  at: PathScope;
  /** The selected ones. */
  images: readonly Image[];
  onClear: () => void;
}

/** What can be done with the selected images, and the dialog that does it. */
export function BulkActions({ at, images, onClear }: BulkActionsProps) {
  // The selection is not in the address, so neither is the dialog about it.
  const [open, setOpen] = useState<{ action: BulkAction<Image> } & ReturnType<typeof sortOut>>();
  const each = useEach();
  const items = Object.values(imageKind.actions)
    .filter(isBulk)
    .map((action): ActionItem => {
      const { possible, others } = sortOut(action, images);
      return {
        id: action.label,
        label: `${action.label} ${formatQuantity(possible.length || images.length, 'image')}`,
        danger: action.danger ?? false,
        disabledReason: possible.length === 0 ? reasonForNone(others) : undefined,
        onSelect: () => setOpen({ action, possible, others }),
        onIntent: BulkDialog.fetchAhead,
      };
    });
  const plan = (action: BulkAction<Image>, chosen: readonly Image[]) =>
    each.plan(chosen.map((image) => ({ key: image.id, change: action.bulk.changeOf(at, image) })));
  return (
    <>
      <BulkBar count={images.length} noun="image" actions={items} onClear={onClear} />
      {open !== undefined && (
        <Suspense>
          <BulkDialog
            {...open}
            {...plan(open.action, open.possible)}
            onClose={(isDone) => {
              setOpen(undefined);
              if (isDone) onClear();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
