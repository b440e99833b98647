import {
  IconCopy,
  IconLogin2,
  IconPencil,
  IconPlus,
  IconTransfer,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { farmRoleQuery } from '../../api/farms.ts';
import type { ObjectActions, ObjectKind } from '../../components/objects/object-actions.tsx';
import { ask } from '../../query-client.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

function useFarmRole(at: PathScope, farmRoleId: string) {
  return useQuery(farmRoleQuery(at, farmRoleId));
}

const actions: ObjectActions<FarmRole> = {
  'launch-server': {
    label: 'Launch a server',
    icon: IconPlus,
    verdict: (farmRole) => farmRole.actions?.launchServer,
    dialog: lazyPart(async () => (await import('./LaunchServer.tsx')).LaunchServer),
  },
  'import-server': {
    label: 'Take a server in',
    icon: IconLogin2,
    verdict: (farmRole) => farmRole.actions?.launchServer,
    dialog: lazyPart(async () => (await import('./ImportServer.tsx')).ImportServer),
  },
  'move-farm-role': {
    label: 'Move to the new image',
    icon: IconTransfer,
    verdict: (farmRole) => farmRole.actions?.move,
    pointless: ({ servers }) => (servers?.old === 0 ? 'Nothing of it is old.' : undefined),
    dialog: lazyPart(
      async () => (await import('../../components/rollouts/MoveDialogs.tsx')).MoveFarmRole,
    ),
  },
  'edit-farm-role': {
    label: 'Edit',
    icon: IconPencil,
    verdict: (farmRole) => farmRole.actions?.update,
    dialog: lazyPart(async () => (await import('./EditFarmRole.tsx')).EditFarmRole),
  },
  'clone-farm-role': {
    label: 'Clone',
    icon: IconCopy,
    verdict: (farmRole) => farmRole.actions?.clone,
    dialog: lazyPart(async () => (await import('./CloneFarmRole.tsx')).CloneFarmRole),
  },
  'remove-farm-role': {
    label: 'Remove from farm',
    icon: IconTrash,
    verdict: (farmRole) => farmRole.actions?.delete,
    danger: true,
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./RemoveFarmRole.tsx')).RemoveFarmRole),
  },
};

/** What can be done with a role of a farm: menus and dialogs follow from it. */
export const farmRoleKind: ObjectKind<FarmRole> = {
  noun: 'farm role',
  useRead: useFarmRole,
  askAhead: (at, farmRole) => ask(farmRoleQuery(at, farmRole.id)),
  actions,
};
