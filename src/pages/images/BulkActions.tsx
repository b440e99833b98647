import { Suspense, useState } from 'react';
import type { Verdict } from '#contract/actions.ts';
import type { Image } from '#contract/images/images.ts';

import { useEach } from '../../api/each.ts';
import type { EachChange } from '../../api/each.ts';
import { deletionOf, deprecationOf } from '../../api/images.ts';
import { BulkBar } from '../../components/table/BulkBar.tsx';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { formatQuantity } from '../../util/format.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

const BulkDialog = lazyPart(async () => (await import('./BulkDialog.tsx')).BulkDialog);

interface BulkKind {
  id: 'deprecate' | 'restore' | 'delete';
  verb: string;
  /** What has happened to one of them. */
  done: string;
  /** What it means, as the dialog says it. */
  meaning: string;
  danger: boolean;
  verdict: (image: Image) => Verdict | undefined;
  /** Why it has nothing to do for an image, whatever the rights. */
  pointless: (image: Image) => string | undefined;
  changeOf: (at: PathScope, image: Image) => EachChange;
}

const kinds: readonly BulkKind[] = [
  {
    id: 'deprecate',
    verb: 'Deprecate',
    done: 'deprecated',
    meaning:
      'They can no longer be added to roles. What runs keeps running, and the roles that hold them keep them.',
    danger: false,
    verdict: (image) => image.actions?.deprecate,
    pointless: (image) => (image.deprecated ? 'It is deprecated already.' : undefined),
    changeOf: (at, image) => deprecationOf(at, image, true),
  },
  {
    id: 'restore',
    verb: 'Restore',
    done: 'restored',
    meaning: 'They can be added to roles again.',
    danger: false,
    verdict: (image) => image.actions?.deprecate,
    pointless: (image) => (image.deprecated ? undefined : 'It is not deprecated.'),
    changeOf: (at, image) => deprecationOf(at, image, false),
  },
  {
    id: 'delete',
    verb: 'Delete',
    done: 'deleted',
    meaning:
      'Only the registrations go; the machine images stay on their clouds and can be registered again.',
    danger: true,
    verdict: (image) => image.actions?.delete,
    pointless: () => undefined,
    changeOf: deletionOf,
  },
];

/** The selected images that an action can change, and why not the others. */
function sortOut(kind: BulkKind, images: readonly Image[]) {
  const judged = images.map((image) => ({
    image,
    reason: kind.pointless(image) ?? reasonAgainst(kind.verdict(image)),
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
  const [open, setOpen] = useState<{ kind: BulkKind } & ReturnType<typeof sortOut>>();
  const { plan } = useEach();
  const actions = kinds.map((kind): ActionItem => {
    const { possible, others } = sortOut(kind, images);
    return {
      id: kind.id,
      label: `${kind.verb} ${formatQuantity(possible.length || images.length, 'image')}`,
      danger: kind.danger,
      disabledReason: possible.length === 0 ? reasonForNone(others) : undefined,
      onSelect: () => setOpen({ kind, possible, others }),
    };
  });
  return (
    <>
      <BulkBar count={images.length} noun="image" actions={actions} onClear={onClear} />
      {open !== undefined && (
        <Suspense>
          <BulkDialog
            {...open}
            {...plan(
              open.possible.map((image) => ({
                key: image.id,
                change: open.kind.changeOf(at, image),
              })),
            )}
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
