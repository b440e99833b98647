import {
  IconArchive,
  IconArchiveOff,
  IconArrowUp,
  IconCopy,
  IconPencil,
  IconReplace,
  IconTrash,
  IconVersions,
} from '@tabler/icons-react';
import type { Verdict } from '#contract/actions.ts';
import type { Image } from '#contract/images/images.ts';

import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { reasonAgainst } from '../../util/verdicts.ts';

/** Dialogs about one image, as the address names them. The first three are flows of their own. */
export type ImageDialogName =
  | 'promote'
  | 'replace'
  | 'new-version'
  | 'rename'
  | 'copy'
  | 'deprecate'
  | 'restore'
  | 'delete';

/**
 * A used image can be asked to be deleted all the same: the dialog then lists everything in the way,
 * which one sentence in a menu cannot.
 */
function reasonAgainstDelete(verdict: Verdict | undefined): string | undefined {
  return verdict?.code === 'ObjectInUse' ? undefined : reasonAgainst(verdict);
}

/** What can be done with an image, in the order of a menu. `open` shows the dialog of that name. */
export function imageActions(
  image: Image,
  open: (dialog: ImageDialogName) => void,
): Record<
  'promote' | 'replace' | 'newVersion' | 'copy' | 'deprecate' | 'rename' | 'delete',
  ActionItem
> {
  const { actions } = image;
  return {
    promote: {
      id: 'promote',
      label: 'Promote',
      icon: <IconArrowUp size={16} aria-hidden />,
      disabledReason: reasonAgainst(actions?.promote),
      onSelect: () => open('promote'),
    },
    replace: {
      id: 'replace',
      label: 'Replace',
      icon: <IconReplace size={16} aria-hidden />,
      disabledReason: reasonAgainst(actions?.replace),
      onSelect: () => open('replace'),
    },
    newVersion: {
      id: 'newVersion',
      label: 'New version',
      icon: <IconVersions size={16} aria-hidden />,
      // Both ways of offering a new version put it into roles.
      disabledReason: reasonAgainst(actions?.replace),
      onSelect: () => open('new-version'),
    },
    copy: {
      id: 'copy',
      label: 'Copy to another location',
      icon: <IconCopy size={16} aria-hidden />,
      disabledReason: reasonAgainst(actions?.copy),
      onSelect: () => open('copy'),
    },
    deprecate: {
      id: 'deprecate',
      label: image.deprecated ? 'Restore' : 'Deprecate',
      icon: image.deprecated ? (
        <IconArchiveOff size={16} aria-hidden />
      ) : (
        <IconArchive size={16} aria-hidden />
      ),
      startsGroup: true,
      disabledReason: reasonAgainst(actions?.deprecate),
      onSelect: () => open(image.deprecated ? 'restore' : 'deprecate'),
    },
    rename: {
      id: 'rename',
      label: 'Rename',
      icon: <IconPencil size={16} aria-hidden />,
      disabledReason: reasonAgainst(actions?.update),
      onSelect: () => open('rename'),
    },
    delete: {
      id: 'delete',
      label: 'Delete',
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      startsGroup: true,
      disabledReason: reasonAgainstDelete(actions?.delete),
      onSelect: () => open('delete'),
    },
  };
}
