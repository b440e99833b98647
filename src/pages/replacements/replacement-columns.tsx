import { Link } from 'react-router';
import type { Replacement } from '#contract/replacements/replacements.ts';

import { Sparkline } from '../../components/burn-down/Sparkline.tsx';
import { Count } from '../../components/Count.tsx';
import { locationWords } from '../../components/flows/flow-names.ts';
import { replacedWords } from '../../components/flows/replaced-words.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ReplacementState } from '../../components/objects/ReplacementState.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import type { Column } from '../../components/table/table.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

/** Replacements, planned and carried out: what by what, how far it has got, and who made it. */
export function replacementColumns(at: PathScope): readonly Column<Replacement>[] {
  return [
    {
      id: 'what',
      header: 'What',
      isName: true,
      // Names differ at their ends.
      text: replacedWords,
      cell: (row) => <Link to={paths.replacement(at, row.id)}>{replacedWords(row)}</Link>,
    },
    {
      id: 'state',
      header: 'State',
      width: '8.5rem',
      cell: (row) => <ReplacementState replacement={row} />,
    },
    ...countColumns(at),
    ...madeColumns(at),
  ];
}

/** How much it concerns. */
function countColumns(at: PathScope): Column<Replacement>[] {
  return [
    {
      id: 'where',
      header: 'Where',
      width: '10rem',
      cell: (row) => whereWords(row),
    },
    {
      id: 'roles',
      header: 'Roles',
      align: 'end',
      width: '4rem',
      // A plan has changed none yet; what it would change is on its page.
      cell: (row) => <Count value={row.state in done ? row.roles : undefined} noun="role" />,
    },
    {
      id: 'left',
      header: 'On the old',
      align: 'end',
      width: '5.5rem',
      cell: (row) => (
        <Count value={row.serversOnOldImage} noun="server" to={onOldAddress(at, row)} />
      ),
    },
    {
      id: 'burnDown',
      header: 'Over time',
      width: '6rem',
      cell: (row) => <Sparkline points={row.burnDown ?? []} />,
    },
  ];
}

/** Where, when and by whom it was made. */
function madeColumns(at: PathScope): Column<Replacement>[] {
  return [
    {
      id: 'scope',
      header: 'Made at',
      width: '7rem',
      isHiddenByDefault: true,
      cell: (row) => <ScopeBadge scope={row.scope} />,
    },
    {
      id: 'at',
      header: 'When',
      width: '7rem',
      sortKey: 'at',
      sortsDescendingFirst: true,
      cell: (row) => <RelativeTime at={row.at} />,
    },
    {
      id: 'by',
      header: 'Who',
      width: '10.25rem',
      isSmall: true,
      cell: (row) => <Link to={paths.replacements(at, { by: row.by })}>{row.by}</Link>,
    },
  ];
}

const done = { applied: true, rolledBack: true };

/** Exactly the servers that are counted: those on the one old image that are to move; else on its own page. */
function onOldAddress(at: PathScope, row: Replacement): string {
  const isUsage = row.pairs.length === 1 && row.staleServers === row.serversOnOldImage;
  return isUsage ? paths.usage(at, { image: row.oldImage.id }) : paths.replacement(at, row.id);
}

/** The place of the one pair, or how many there are. */
function whereWords({ pairs, oldImage }: Replacement): string {
  return pairs.length === 1 ? locationWords(oldImage) : `${pairs.length} images`;
}

/** What tells two of the same name apart. */
export function replacementDetails(row: Replacement): readonly string[] {
  return [whereWords(row), formatQuantity(row.roles, 'role'), row.at];
}
