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
  IconTransfer,
  IconTrash,
  IconVersions,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Image } from '#contract/images/images.ts';

import { imageCandidatePages } from '../../api/image-candidates.ts';
import {
  deletionOf,
  deprecationOf,
  imageQuery,
  imageTwinsQuery,
  protectionOf,
} from '../../api/images.ts';
import { imagePromotePreviewQuery } from '../../api/promotions.ts';
import type { ObjectActions, ObjectKind } from '../../components/objects/object-actions.tsx';
import { ask, queryClient } from '../../query-client.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

function useImage(at: PathScope, imageId: string) {
  return useQuery(imageQuery(at, imageId));
}

const unused = ({ usage }: Image) => (usage?.servers === 0 ? 'No server here runs it.' : undefined);

const protection = lazyPart(async () => (await import('./ProtectImage.tsx')).ProtectImage);

const actions: ObjectActions<Image> = {
  promote: {
    label: 'Promote',
    icon: IconArrowUp,
    verdict: (image) => image.actions?.promote,
    bar: 2,
    askAhead: (at, image) => ask(imagePromotePreviewQuery(at, image.id)),
    dialog: lazyPart(
      async () => (await import('../../components/flows/PromoteDialogs.tsx')).PromoteImage,
    ),
  },
  demote: {
    label: 'Demote',
    icon: IconArrowDown,
    verdict: (image) => image.actions?.demote,
    explainsUse: true,
    dialog: lazyPart(
      async () => (await import('../../components/flows/DemoteDialogs.tsx')).DemoteImage,
    ),
  },
  replace: {
    label: 'Replace',
    icon: IconReplace,
    verdict: (image) => image.actions?.replace,
    bar: 3,
    askAhead: (at, image) =>
      void queryClient.prefetchInfiniteQuery(imageCandidatePages(at, image.id, { query: '' })),
    dialog: lazyPart(
      async () => (await import('../../components/flows/ReplaceDialog.tsx')).ReplaceDialog,
    ),
  },
  'new-version': {
    label: 'New version',
    icon: IconVersions,
    // Both ways of offering a new version put it into roles.
    verdict: (image) => image.actions?.replace,
    bar: 1,
    dialog: lazyPart(
      async () => (await import('../../components/flows/NewVersionDialog.tsx')).NewVersionDialog,
    ),
  },
  try: {
    label: 'Try it',
    icon: IconFlask,
    verdict: (image) => image.actions?.try,
    dialog: lazyPart(async () => (await import('../../components/trying/TryDialog.tsx')).TryImage),
  },
  move: {
    label: 'Move servers to the new image',
    icon: IconTransfer,
    verdict: (image) => image.actions?.move,
    pointless: unused,
    startsGroup: true,
    dialog: lazyPart(
      async () => (await import('../../components/rollouts/MoveDialogs.tsx')).MoveFromImage,
    ),
  },
  contact: {
    label: 'Contact owners',
    icon: IconMail,
    // Whoever sees it may look; the dialog says who may send.
    verdict: () => ({ allowed: true }),
    pointless: unused,
    dialog: lazyPart(
      async () => (await import('../../components/contact/ContactDialogs.tsx')).ContactOfImage,
    ),
  },
  copy: {
    label: 'Copy to another location',
    icon: IconCopy,
    verdict: (image) => image.actions?.copy,
    askAhead: (at, image) => ask(imageTwinsQuery(at, image.id)),
    dialog: lazyPart(async () => (await import('./CopyImage.tsx')).CopyImage),
  },
  rename: {
    label: 'Rename',
    icon: IconPencil,
    verdict: (image) => image.actions?.update,
    dialog: lazyPart(async () => (await import('./RenameImage.tsx')).RenameImage),
  },
  deprecate: {
    label: 'Deprecate',
    icon: IconArchive,
    verdict: (image) => image.actions?.deprecate,
    pointless: (image) => (image.deprecated ? 'It is deprecated already.' : undefined),
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./DeprecateImage.tsx')).DeprecateImage),
    bulk: {
      done: 'deprecated',
      meaning:
        'They can no longer be added to roles. What runs keeps running, and the roles that hold them keep them.',
      changeOf: (at, image) => deprecationOf(at, image, true),
    },
  },
  restore: {
    label: 'Restore',
    icon: IconArchiveOff,
    verdict: (image) => image.actions?.deprecate,
    pointless: (image) => (image.deprecated ? undefined : 'It is not deprecated.'),
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./RestoreImage.tsx')).RestoreImage),
    bulk: {
      done: 'restored',
      meaning: 'They can be added to roles again.',
      changeOf: (at, image) => deprecationOf(at, image, false),
    },
  },
  protect: {
    label: 'Protect',
    icon: IconCircleCheck,
    verdict: (image) => image.actions?.protect,
    pointless: (image) => (image.protection ? 'It is protected already.' : undefined),
    dialog: protection,
    bulk: {
      done: 'protected',
      meaning: 'Nobody can delete them, and no policy touches them, until that is ended.',
      changeOf: (at, image) => protectionOf(at, image, true),
    },
  },
  unprotect: {
    label: 'End protection',
    icon: IconCircleCheck,
    verdict: (image) => image.actions?.protect,
    pointless: (image) => (image.protection ? undefined : 'It is not protected.'),
    dialog: protection,
  },
  delete: {
    label: 'Delete',
    icon: IconTrash,
    verdict: (image) => image.actions?.delete,
    explainsUse: true,
    danger: true,
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./DeleteImage.tsx')).DeleteImage),
    bulk: {
      done: 'deleted',
      meaning:
        'Only the registrations go; the machine images stay on their clouds and can be registered again.',
      changeOf: deletionOf,
    },
  },
};

/** What can be done with an image: menus, the bar, bulk actions and dialogs follow from it. */
export const imageKind: ObjectKind<Image> = {
  noun: 'image',
  useRead: useImage,
  askAhead: (at, image) => ask(imageQuery(at, image.id)),
  actions,
};
