import { Link } from 'react-router';
import type { Farm } from '#contract/farms/farms.ts';

import { Count } from '../../components/Count.tsx';
import { ObservedMark } from '../../components/objects/ObservedMark.tsx';
import { OldServers } from '../../components/OldServers.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { mostFirst } from '../../components/table/table.ts';
import type { Column } from '../../components/table/table.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

/** The state of a farm, in a word. */
export const farmStatusWord: Record<Farm['status'], string> = {
  running: 'Running',
  terminated: 'Terminated',
  suspended: 'Suspended',
};

/** In which order the roles of a farm are launched. */
export const launchOrderWords: Record<Farm['launchOrder'], string> = {
  simulatenous: 'All roles at once',
  sequential: 'One role after the other',
};

/** Columns of the list at a scope; what all rows have in common there is left out. */
export function farmColumns(at: PathScope): readonly Column<Farm>[] {
  return [...whoseColumns(at), ...fleetColumns(at), ...timeColumns];
}

/** Which farm it is, where, and whose. */
function whoseColumns(at: PathScope): readonly Column<Farm>[] {
  return [
    {
      id: 'name',
      header: 'Farm',
      isName: true,
      sortKey: 'name',
      cell: (farm) => (
        <>
          <Link to={paths.farm(at, farm.id)}>{farm.name}</Link>
          {farm.observed !== undefined && <ObservedMark />}
        </>
      ),
    },
    {
      id: 'account',
      header: 'Account',
      width: '8rem',
      isHiddenByDefault: at.scope !== 'scalr',
      cell: (farm) => farm.accountName,
    },
    {
      id: 'environment',
      header: 'Environment',
      width: '9rem',
      isHiddenByDefault: at.scope === 'environment',
      cell: (farm) => farm.envName,
    },
    {
      id: 'owner',
      header: 'Owner',
      width: '10rem',
      cell: (farm) => (
        <Link to={paths.farms(at, { owner: farm.owner.id })} title={farm.owner.email}>
          {farm.owner.name}
        </Link>
      ),
    },
  ];
}

/** What runs in it. */
function fleetColumns(at: PathScope): readonly Column<Farm>[] {
  return [
    {
      id: 'status',
      header: 'Status',
      width: '8rem',
      cell: ({ status, lock }) => `${farmStatusWord[status]}${lock === null ? '' : ', locked'}`,
    },
    {
      id: 'farmRoles',
      header: 'Roles',
      align: 'end',
      width: '4rem',
      cell: (farm) => <Count value={farm.farmRoles} noun="role" to={paths.farm(at, farm.id)} />,
    },
    {
      id: 'servers',
      header: 'Servers',
      align: 'end',
      width: '5rem',
      ...mostFirst('servers'),
      cell: (farm) => (
        <Count
          value={farm.servers?.live}
          noun="server"
          to={paths.servers(at, { farm: farm.id, live: true })}
        />
      ),
    },
    {
      id: 'old',
      header: 'On old images',
      help: 'old',
      align: 'end',
      width: '8rem',
      ...mostFirst('oldServers'),
      cell: (farm) => <OldServers servers={farm.servers} to={paths.usage(at, { farm: farm.id })} />,
    },
  ];
}

const timeColumns: readonly Column<Farm>[] = [
  {
    id: 'launched',
    header: 'Launched',
    width: '5.5rem',
    cell: (farm) => <RelativeTime isShort at={farm.launched} />,
  },
  {
    id: 'added',
    header: 'Added',
    width: '7rem',
    sortKey: 'added',
    sortsDescendingFirst: true,
    isHiddenByDefault: true,
    cell: (farm) => <RelativeTime at={farm.added} />,
  },
];
