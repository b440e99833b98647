import type { UsageRow } from '#contract/farms/usage.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { ImageName, RoleImageName } from '../../components/ImageName.tsx';
import { PlainLink } from '../../components/PlainLink.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { Column } from '../../components/table/table.ts';
import { tip } from '../../components/tip.ts';
import { formatCount, formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';

import classes from './UsagePage.module.css';
import { whySentence, whyWord } from './usage-words.ts';

/**
 * Columns of the rows at a scope. Images and roles are linked in the farm's environment, where they
 * are always found; the owner leads to all that they have here.
 */
export function usageColumns(
  at: PathScope,
  ownerTo: (ownerId: number) => string,
): readonly Column<UsageRow>[] {
  return [...whoseColumns(at, ownerTo), ...imageColumns, serversColumn(at), sinceColumn];
}

/** Which farm, where, and whose. */
function whoseColumns(
  at: PathScope,
  ownerTo: (ownerId: number) => string,
): readonly Column<UsageRow>[] {
  return [
    {
      id: 'farm',
      header: 'Farm',
      isName: true,
      width: at.scope === 'scalr' ? '5.75rem' : '6.75rem',
      sortKey: 'farm',
      cell: (row) => <PlainLink to={paths.farm(at, row.farm.id)}>{row.farm.name}</PlainLink>,
    },
    {
      id: 'environment',
      header: 'Environment',
      width: at.scope === 'scalr' ? '7.75rem' : '6.75rem',
      isHiddenByDefault: at.scope === 'environment',
      // At Corporate, every account has a production.
      cell: (row) => {
        const full = `${row.accountName} / ${row.envName}`;
        return <span {...tip(full)}>{at.scope === 'scalr' ? full : row.envName}</span>;
      },
    },
    {
      id: 'owner',
      header: 'Owner',
      width: '6.25rem',
      hideBelow: 'sm',
      cell: (row) => (
        <PlainLink to={ownerTo(row.owner.id)} {...tip(row.owner.email)}>
          {row.owner.name}
        </PlainLink>
      ),
    },
  ];
}

/** What it runs, what it should run, and why that is old. */
const imageColumns: readonly Column<UsageRow>[] = [
  {
    id: 'role',
    header: 'Role',
    width: '6.5rem',
    cell: (row) => (
      <PlainLink
        to={paths.role(environmentOf(row), row.role.id)}
        {...tip(row.farmRole.alias === row.role.name ? undefined : `As ${row.farmRole.alias}`)}
      >
        {row.role.name}
      </PlainLink>
    ),
  },
  {
    id: 'location',
    header: 'Location',
    width: '8.75rem',
    hideBelow: 'lg',
    cell: (row) => <CloudLocation platform={row.cloudPlatform} location={row.cloudLocation} />,
  },
  {
    id: 'image',
    header: 'Runs',
    width: '11.25rem',
    cell: (row) => <ImageName at={environmentOf(row)} image={row.image} />,
  },
  {
    id: 'roleImage',
    header: 'Role has now',
    width: '10.125rem',
    cell: (row) => <RoleImageName at={environmentOf(row)} of={row} />,
  },
  {
    id: 'why',
    header: 'Why old',
    width: '5rem',
    hideBelow: 'md',
    cell: (row) => (
      <span
        className="small"
        role="note"
        // The sentence must be reachable without a mouse.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={whySentence(row)}
        {...tip(whySentence(row))}
      >
        {whyWord(row)}
      </span>
    ),
  },
];

function serversColumn(at: PathScope): Column<UsageRow> {
  return {
    id: 'servers',
    header: 'Servers',
    align: 'end',
    width: '4.75rem',
    sortKey: 'servers',
    sortsDescendingFirst: true,
    cell: (row) => (
      <PlainLink
        className={classes['servers'] ?? ''}
        to={paths.farm(at, row.farm.id, { old: true })}
        aria-label={`${formatCount(row.servers.old)} of ${formatQuantity(row.servers.live, 'server')} in ${row.farm.name}`}
      >
        {formatCount(row.servers.old)} of {formatCount(row.servers.live)}
      </PlainLink>
    ),
  };
}

const sinceColumn: Column<UsageRow> = {
  id: 'since',
  header: 'Since',
  width: '3.875rem',
  hideBelow: 'md',
  sortKey: 'since',
  cell: (row) => (
    <span className="small">
      <RelativeTime isShort at={row.since} never="unknown" />
    </span>
  ),
};
