import { Link } from 'react-router';
import type { UsageRow } from '#contract/farms/usage.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { locationWords } from '../../components/flows/flow-names.ts';
import { ImageName, imageText, RoleImageName } from '../../components/ImageName.tsx';
import { ObservedMark } from '../../components/objects/ObservedMark.tsx';
import { RoleName } from '../../components/objects/RoleName.tsx';
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
  // At Corporate, every account has a production.
  const environment = (row: UsageRow) =>
    at.scope === 'scalr' ? `${row.accountName} / ${row.envName}` : row.envName;
  return [
    {
      id: 'farm',
      header: 'Farm',
      isName: true,
      sortKey: 'farm',
      text: (row) => (row.observed ? `${row.farm.name} observed` : row.farm.name),
      cell: (row) => (
        <>
          <Link to={paths.farm(at, row.farm.id)}>{row.farm.name}</Link>
          {row.observed && <ObservedMark />}
        </>
      ),
    },
    {
      id: 'environment',
      header: 'Environment',
      isSmall: true,
      isHiddenByDefault: at.scope === 'environment',
      text: environment,
      cell: (row) => (
        <span {...tip(`${row.accountName} / ${row.envName}`)}>{environment(row)}</span>
      ),
    },
    {
      id: 'owner',
      header: 'Owner',
      isSmall: true,
      text: (row) => row.owner.name,
      cell: (row) => (
        <Link to={ownerTo(row.owner.id)} {...tip(row.owner.email)}>
          {row.owner.name}
        </Link>
      ),
    },
  ];
}

/** What it runs, what it should run, and why that is old. */
const imageColumns: readonly Column<UsageRow>[] = [
  {
    id: 'role',
    header: 'Role',
    isSmall: true,
    text: (row) => row.role.name,
    cell: (row) => (
      <span {...tip(row.farmRole.alias === row.role.name ? undefined : `As ${row.farmRole.alias}`)}>
        <RoleName of={row} />
      </span>
    ),
  },
  {
    id: 'location',
    header: 'Location',
    isSmall: true,
    text: (row) => locationWords(row) + (row.cloudLocation === '' ? ' all locations' : ''),
    cell: (row) => <CloudLocation platform={row.cloudPlatform} location={row.cloudLocation} />,
  },
  {
    id: 'image',
    header: 'Runs',
    isSmall: true,
    text: (row) => imageText(row.image),
    cell: (row) => <ImageName at={environmentOf(row)} image={row.image} />,
  },
  {
    id: 'roleImage',
    header: 'Role has now',
    isSmall: true,
    text: (row) => (row.stale ? imageText(row.roleImage) : 'the same'),
    cell: (row) => <RoleImageName at={environmentOf(row)} of={row} />,
  },
  {
    id: 'why',
    header: 'Why old',
    width: '5rem',
    isSmall: true,
    // The two columns before it say so too.
    isHiddenByDefault: true,
    cell: (row) => (
      <span
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
      <Link
        className={classes['servers'] ?? ''}
        to={paths.farm(at, row.farm.id, { old: true })}
        aria-label={`${formatCount(row.servers.old)} of ${formatQuantity(row.servers.live, 'server')} in ${row.farm.name}`}
      >
        {formatCount(row.servers.old)} of {formatCount(row.servers.live)}
      </Link>
    ),
  };
}

const sinceColumn: Column<UsageRow> = {
  id: 'since',
  header: 'Since',
  width: '3.875rem',
  sortKey: 'since',
  isSmall: true,
  cell: (row) => <RelativeTime isShort at={row.since} never="unknown" />,
};
