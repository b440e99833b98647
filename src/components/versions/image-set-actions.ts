import {
  IconArchive,
  IconArchiveOff,
  IconArrowDown,
  IconArrowUp,
  IconCircleCheck,
  IconCopy,
  IconFlask,
  IconMail,
  IconPencil,
  IconReplace,
  IconStack2,
  IconTransfer,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { imageSetQuery } from '../../api/image-sets.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { LazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';
import type { ObjectAction, ObjectKind } from '../objects/object-actions.tsx';

import type { SetDialogProps } from './set-dialog.ts';

/** What can be done with a version, and with some of its images. */
type SetAction = Omit<ObjectAction<ImageSet>, 'dialog'> & {
  dialog: LazyPart<SetDialogProps>;
  /** It is about the version, and not offered for some of its images. */
  isOfWhole?: true;
};

const nothingOld = ({ usage }: ImageSet) =>
  usage?.oldServers === 0 ? 'No server here runs it as an old image.' : undefined;

function useImageSet(at: PathScope, imageSetId: string) {
  return useQuery(imageSetQuery(at, imageSetId));
}

/** The actions on a version by the names that the address has for their dialogs, in the order of a menu. */
export const imageSetActions: Readonly<Record<string, SetAction>> = {
  replace: {
    label: 'Replace',
    icon: IconReplace,
    // Whoever sees it may plan; the plan says who may apply it.
    verdict: () => ({ allowed: true }),
    bar: 3,
    dialog: lazyPart(async () => (await import('./ReplaceSet.tsx')).ReplaceSet),
  },
  promote: {
    label: 'Promote',
    icon: IconArrowUp,
    verdict: (set) => set.actions?.promote,
    bar: 2,
    dialog: lazyPart(async () => (await import('./MoveSet.tsx')).PromoteSet),
  },
  demote: {
    label: 'Demote',
    icon: IconArrowDown,
    verdict: (set) => set.actions?.demote,
    dialog: lazyPart(async () => (await import('./MoveSet.tsx')).DemoteSet),
  },
  'add-to-role': {
    label: 'Add to a role',
    icon: IconStack2,
    verdict: (set) => set.actions?.addToRole,
    bar: 1,
    dialog: lazyPart(async () => (await import('./AddSetToRole.tsx')).AddSetToRole),
  },
  try: {
    label: 'Try it',
    icon: IconFlask,
    verdict: (set) => set.actions?.try,
    dialog: lazyPart(async () => (await import('../trying/TryDialog.tsx')).TryImageSet),
  },
  move: {
    label: 'Move servers to the new image',
    icon: IconTransfer,
    verdict: (set) => set.actions?.move,
    pointless: nothingOld,
    startsGroup: true,
    isOfWhole: true,
    dialog: lazyPart(async () => (await import('../rollouts/MoveDialogs.tsx')).MoveFromSet),
  },
  contact: {
    label: 'Contact owners',
    icon: IconMail,
    // Whoever sees it may look; the dialog says who may send.
    verdict: () => ({ allowed: true }),
    pointless: nothingOld,
    isOfWhole: true,
    dialog: lazyPart(async () => (await import('../contact/ContactDialogs.tsx')).ContactOfSet),
  },
  copy: {
    label: 'Copy to missing places',
    icon: IconCopy,
    verdict: (set) => set.actions?.copy,
    dialog: lazyPart(async () => (await import('./CopySet.tsx')).CopySet),
  },
  rename: {
    label: 'Rename',
    icon: IconPencil,
    verdict: (set) => set.actions?.update,
    dialog: lazyPart(async () => (await import('./RenameSet.tsx')).RenameSet),
  },
  deprecate: {
    label: 'Deprecate',
    icon: IconArchive,
    verdict: (set) => set.actions?.deprecate,
    pointless: ({ images }) =>
      images.deprecated === images.total ? 'All of it is deprecated already.' : undefined,
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./DeprecateSet.tsx')).DeprecateSet),
  },
  restore: {
    label: 'Restore',
    icon: IconArchiveOff,
    verdict: (set) => set.actions?.deprecate,
    pointless: ({ images }) => (images.deprecated === 0 ? 'Nothing is deprecated.' : undefined),
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./RestoreSet.tsx')).RestoreSet),
  },
  protect: {
    label: 'Protect',
    icon: IconCircleCheck,
    verdict: (set) => set.actions?.protect,
    pointless: ({ images }) =>
      images.protected === images.total ? 'All of it is protected already.' : undefined,
    dialog: lazyPart(async () => (await import('./ProtectSet.tsx')).ProtectSet),
  },
  unprotect: {
    label: 'End protection',
    icon: IconCircleCheck,
    verdict: (set) => set.actions?.protect,
    pointless: ({ images }) => (images.protected === 0 ? 'Nothing is protected.' : undefined),
    dialog: lazyPart(async () => (await import('./ProtectSet.tsx')).UnprotectSet),
  },
  delete: {
    label: 'Delete',
    icon: IconTrash,
    verdict: (set) => set.actions?.delete,
    explainsUse: true,
    danger: true,
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./DeleteSet.tsx')).DeleteSet),
  },
};

/**
 * What can be done with a version: menus, the bar and dialogs follow from it.
 * @param askAhead as the page reads a version ahead of time
 */
export function imageSetKind(askAhead: ObjectKind<ImageSet>['askAhead']): ObjectKind<ImageSet> {
  return { noun: 'version', useRead: useImageSet, askAhead, actions: imageSetActions };
}
