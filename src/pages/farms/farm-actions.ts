import {
  IconCopy,
  IconLock,
  IconLockOpen,
  IconMail,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlus,
  IconTransfer,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Farm } from '#contract/farms/farms.ts';

import { farmQuery } from '../../api/farms.ts';
import type { ObjectActions, ObjectKind } from '../../components/objects/object-actions.tsx';
import { ask } from '../../query-client.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

function useFarm(at: PathScope, farmId: string) {
  return useQuery(farmQuery(at, farmId));
}

/** What brings a farm into another state, in the order of a farm's life. */
const steps: ObjectActions<Farm> = {
  launch: {
    label: 'Launch',
    icon: IconPlayerPlay,
    verdict: (farm) => farm.actions?.launch,
    pointless: (farm) => (farm.status === 'terminated' ? undefined : 'It is launched already.'),
    bar: 4,
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./FarmSteps.tsx')).LaunchFarm),
  },
  suspend: {
    label: 'Suspend',
    icon: IconPlayerPause,
    verdict: (farm) => farm.actions?.suspend,
    pointless: (farm) => (farm.status === 'running' ? undefined : 'It does not run.'),
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./FarmSteps.tsx')).SuspendFarm),
  },
  resume: {
    label: 'Resume',
    icon: IconPlayerPlay,
    verdict: (farm) => farm.actions?.resume,
    pointless: (farm) => (farm.status === 'suspended' ? undefined : 'It is not suspended.'),
    bar: 4,
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./FarmSteps.tsx')).ResumeFarm),
  },
  terminate: {
    label: 'Terminate',
    icon: IconPlayerStop,
    verdict: (farm) => farm.actions?.terminate,
    pointless: (farm) => (farm.status === 'terminated' ? 'It is terminated already.' : undefined),
    danger: true,
    dialog: lazyPart(async () => (await import('./EndFarm.tsx')).TerminateFarm),
  },
};

const nothingOld = ({ servers }: Farm) =>
  servers?.old === 0 ? 'No server of it runs an old image.' : undefined;

const actions: ObjectActions<Farm> = {
  edit: {
    label: 'Edit',
    icon: IconPencil,
    verdict: (farm) => farm.actions?.update,
    bar: 1,
    to: (at, farm) => paths.editFarm(at, farm.id),
  },
  'add-role': {
    label: 'Add role',
    icon: IconPlus,
    verdict: (farm) => farm.actions?.addRole,
    bar: 2,
    dialog: lazyPart(async () => (await import('./AddFarmRole.tsx')).AddFarmRole),
  },
  move: {
    label: 'Move to the new image',
    icon: IconTransfer,
    verdict: (farm) => farm.actions?.move,
    pointless: nothingOld,
    dialog: lazyPart(
      async () => (await import('../../components/rollouts/MoveDialogs.tsx')).MoveFarm,
    ),
  },
  contact: {
    label: 'Contact owners',
    icon: IconMail,
    // Whoever sees it may look; the dialog says who may send.
    verdict: () => ({ allowed: true }),
    pointless: nothingOld,
    dialog: lazyPart(
      async () => (await import('../../components/contact/ContactDialogs.tsx')).ContactOfFarm,
    ),
    together: lazyPart(
      async () => (await import('../../components/contact/ContactDialogs.tsx')).ContactOfFarms,
    ),
  },
  clone: {
    label: 'Clone',
    icon: IconCopy,
    verdict: (farm) => farm.actions?.clone,
    dialog: lazyPart(async () => (await import('./CloneFarm.tsx')).CloneFarm),
  },
  lock: {
    label: 'Lock',
    icon: IconLock,
    verdict: (farm) => farm.actions?.lock,
    pointless: (farm) => (farm.lock === null ? undefined : 'It is locked already.'),
    dialog: lazyPart(async () => (await import('./LockFarm.tsx')).LockFarm),
  },
  unlock: {
    label: 'Unlock',
    icon: IconLockOpen,
    verdict: (farm) => farm.actions?.unlock,
    pointless: (farm) => (farm.lock === null ? 'It is not locked.' : undefined),
    bar: 3,
    dialog: lazyPart(async () => (await import('./LockFarm.tsx')).UnlockFarm),
  },
  ...steps,
  delete: {
    label: 'Delete',
    icon: IconTrash,
    verdict: (farm) => farm.actions?.delete,
    danger: true,
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./EndFarm.tsx')).DeleteFarm),
  },
};

/** What can be done with a farm: menus, the bar and dialogs follow from it. */
export const farmKind: ObjectKind<Farm> = {
  noun: 'farm',
  useRead: useFarm,
  askAhead: (at, farm) => ask(farmQuery(at, farm.id)),
  actions,
};
