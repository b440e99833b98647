import {
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTransfer,
  IconTrash,
  IconTrashX,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Server } from '#contract/farms/servers.ts';

import { serverQuery } from '../../api/servers.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';
import type { ObjectActions, ObjectKind } from '../objects/object-actions.tsx';

function useServer(at: PathScope, serverId: string) {
  return useQuery(serverQuery(at, serverId));
}

const asleep: readonly Server['status'][] = ['suspended', 'pending_suspend', 'resuming'];
const isAsleep = ({ status }: Server) => asleep.includes(status);

const actions: ObjectActions<Server> = {
  'edit-server': {
    label: 'Edit host name',
    icon: IconPencil,
    verdict: (server) => server.actions?.update,
    bar: 1,
    dialog: lazyPart(async () => (await import('./EditHostname.tsx')).EditHostname),
  },
  'move-server': {
    label: 'Move to the new image',
    icon: IconTransfer,
    verdict: (server) => server.actions?.move,
    pointless: ({ stale }) => (stale ? undefined : 'It runs the image that its role has now.'),
    dialog: lazyPart(async () => (await import('../rollouts/MoveDialogs.tsx')).MoveServer),
    together: lazyPart(async () => (await import('../rollouts/MoveDialogs.tsx')).MoveServers),
  },
  'reboot-server': {
    label: 'Reboot',
    icon: IconRefresh,
    verdict: (server) => server.actions?.reboot,
    dialog: lazyPart(async () => (await import('./ServerSteps.tsx')).RebootServer),
  },
  'suspend-server': {
    label: 'Suspend',
    icon: IconPlayerPause,
    verdict: (server) => server.actions?.suspend,
    pointless: (server) => (isAsleep(server) ? 'It is suspended already.' : undefined),
    dialog: lazyPart(async () => (await import('./ServerSteps.tsx')).SuspendServer),
  },
  'resume-server': {
    label: 'Resume',
    icon: IconPlayerPlay,
    verdict: (server) => server.actions?.resume,
    pointless: (server) => (isAsleep(server) ? undefined : 'It is not suspended.'),
    bar: 2,
    dialog: lazyPart(async () => (await import('./ServerSteps.tsx')).ResumeServer),
  },
  'terminate-server': {
    label: 'Terminate',
    icon: IconTrash,
    verdict: (server) => server.actions?.terminate,
    danger: true,
    startsGroup: true,
    bar: 3,
    dialog: lazyPart(async () => (await import('./TerminateServer.tsx')).TerminateServer),
    bulk: {
      done: 'told to end',
      meaning:
        'What runs on them stops, and what they keep on their own disks is lost. Where a farm role then has fewer than its minimum, and its scaling is on, new ones start on the image that its role has now.',
      endsServers: true,
      changeOf: (_at, server) => ({
        id: 'serverTerminate',
        at: environmentOf(server),
        input: { params: { serverId: server.id }, body: {} },
      }),
    },
  },
  'end-server': {
    label: 'Terminate and keep one less',
    icon: IconTrashX,
    verdict: (server) => server.actions?.terminateAndLower,
    pointless: ({ afterTermination: after }) =>
      after === undefined || (after.starts !== null && after.lowersTo !== null)
        ? undefined
        : 'No new one starts in its place anyway.',
    danger: true,
    dialog: lazyPart(async () => (await import('./TerminateServer.tsx')).TerminateAndLower),
  },
};

/**
 * What can be done with a server: menus, the bar, bulk actions and dialogs follow from it.
 * @param askAhead asks for one server, so that reading it is no wait
 */
export function serverKindWith(askAhead: ObjectKind<Server>['askAhead']): ObjectKind<Server> {
  return { noun: 'server', useRead: useServer, askAhead, actions };
}
