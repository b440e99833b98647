import { Link } from 'react-router';
import type { UsageGroup } from '#contract/farms/usage.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { Count } from '../../components/Count.tsx';
import { DeprecatedMark } from '../../components/ImageName.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { Column } from '../../components/table/table.ts';
import { tip } from '../../components/tip.ts';
import type { PathScope } from '../../util/paths.ts';

import classes from './UsagePage.module.css';

/** The address of the rows that a group stands for. */
type RowsTo = (group: UsageGroup) => string;

function countColumn(
  id: 'farms' | 'images' | 'farmRoles',
  header: string,
  noun: string,
): Column<UsageGroup> {
  return {
    id,
    header,
    align: 'end',
    width: '5.5rem',
    cell: (group) => <Count value={group[id]} noun={noun} />,
  };
}

function lastColumns(rowsTo: RowsTo): Column<UsageGroup>[] {
  return [
    {
      id: 'servers',
      header: 'Servers on old',
      align: 'end',
      width: '7.5rem',
      sortKey: 'servers',
      sortsDescendingFirst: true,
      cell: (group) => <Count value={group.servers} noun="server" to={rowsTo(group)} />,
    },
    {
      id: 'since',
      header: 'Since',
      width: '5rem',
      sortKey: 'since',
      cell: (group) => <RelativeTime isShort at={group.since} never="unknown" />,
    },
  ];
}

/** Columns of the farms with servers on old images; what all have in common at a scope is left out. */
export function farmGroupColumns(at: PathScope, rowsTo: RowsTo): readonly Column<UsageGroup>[] {
  return [
    {
      id: 'farm',
      header: 'Farm',
      isName: true,
      sortKey: 'farm',
      cell: (group) => <Link to={rowsTo(group)}>{group.farm?.name}</Link>,
    },
    {
      id: 'account',
      header: 'Account',
      width: '8rem',
      isHiddenByDefault: at.scope !== 'scalr',
      cell: (group) => group.farm?.accountName,
    },
    {
      id: 'environment',
      header: 'Environment',
      width: '9rem',
      isHiddenByDefault: at.scope === 'environment',
      cell: (group) => group.farm?.envName,
    },
    {
      id: 'owner',
      header: 'Owner',
      width: '10rem',
      cell: (group) => <span {...tip(group.owner?.email)}>{group.owner?.name}</span>,
    },
    countColumn('farmRoles', 'Farm roles', 'farm role'),
    countColumn('images', 'Old images', 'old image'),
    ...lastColumns(rowsTo),
  ];
}

/** Columns of those who own farms with servers on old images. */
export function ownerGroupColumns(rowsTo: RowsTo): readonly Column<UsageGroup>[] {
  return [
    {
      id: 'owner',
      header: 'Owner',
      isName: true,
      sortKey: 'farm',
      cell: (group) => <Link to={rowsTo(group)}>{group.owner?.name}</Link>,
    },
    {
      id: 'email',
      header: 'Mail address',
      width: '14rem',
      cell: (group) => group.owner?.email,
    },
    countColumn('farms', 'Farms', 'farm'),
    countColumn('farmRoles', 'Farm roles', 'farm role'),
    countColumn('images', 'Old images', 'old image'),
    ...lastColumns(rowsTo),
  ];
}

/** Columns of the old images that servers still run. */
export function imageGroupColumns(rowsTo: RowsTo): readonly Column<UsageGroup>[] {
  return [
    {
      id: 'image',
      header: 'Image',
      isName: true,
      sortKey: 'farm',
      cell: (group) => (
        <span className={classes['group']}>
          <Link to={rowsTo(group)}>{group.image?.name}</Link>
          {group.image?.deprecated === true && <DeprecatedMark />}
        </span>
      ),
    },
    {
      id: 'location',
      header: 'Location',
      width: '10rem',
      cell: (group) =>
        group.image && (
          <CloudLocation
            platform={group.image.cloudPlatform}
            location={group.image.cloudLocation}
          />
        ),
    },
    {
      id: 'cloudImageId',
      header: 'Cloud image ID',
      width: '13rem',
      cell: (group) =>
        group.image && (
          <CopyableId id={group.image.cloudImageId} what="cloud image ID" length={22} />
        ),
    },
    countColumn('farms', 'Farms', 'farm'),
    countColumn('farmRoles', 'Farm roles', 'farm role'),
    ...lastColumns(rowsTo),
  ];
}
