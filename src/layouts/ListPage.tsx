import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { ActionButton } from '../components/actions/ActionButton.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { FilterBar } from '../components/filters/FilterBar.tsx';
import { ListBody } from '../components/lists/ListBody.tsx';
import type { ListBodyProps } from '../components/lists/ListBody.tsx';
import { ColumnChooser, useColumnChoice } from '../components/table/ColumnChooser.tsx';
import { totalWords } from '../components/table/Pager.tsx';
import type { Word } from '../components/help/word-help.ts';
import { WordHelp } from '../components/help/WordHelp.tsx';
import { capitalized, pluralOf } from '../util/format.ts';
import type { PathScope } from '../util/paths.ts';

import { PageHeader } from './PageHeader.tsx';

interface ListPageProps<Row> extends Omit<ListBodyProps<Row>, 'label' | 'empty'> {
  at: PathScope;
  /** What the page is called, where not as what it lists. */
  title?: string;
  /** The word for what it lists, where that is explained. */
  help?: Word;
  /** How one more comes to be, where that is possible at all. */
  create?: {
    label: string;
    to: string;
    /** Why this user cannot here. */
    reason: string | undefined;
  };
  /** What to do where there are none, in a sentence. */
  hint: string;
  /** Objects of the scopes above show here as well, which are made like this: `registered`. */
  inheritedOnce?: string;
  /** What stands at the end of the filter bar, with the chooser of columns in it. */
  end?: (chooser: ReactNode) => ReactNode;
}

/** The page of a list: how many there are, filters, and the rows. */
export function ListPage<Row>(props: ListPageProps<Row>) {
  const {
    at,
    title,
    help,
    create,
    hint,
    inheritedOnce,
    end = (chooser) => chooser,
    ...body
  } = props;
  const { listing, noun } = body;
  const nouns = pluralOf(noun);
  const label = capitalized(nouns);
  const { visible, chooser } = useColumnChoice(`${nouns}.${at.scope}`, body.columns);
  const button = (icon?: ReactNode) =>
    create && (
      <ActionButton variant="filled" icon={icon} to={create.to} disabledReason={create.reason}>
        {create.label}
      </ActionButton>
    );
  return (
    <>
      <PageHeader
        title={title ?? label}
        facts={<Facts total={totalWords(listing.list.data?.pagination, noun)} help={help} />}
        action={button(<IconPlus size={16} aria-hidden />)}
      />
      <FilterBar
        search={listing.searchBox}
        filters={listing.filters}
        onClear={listing.clear}
        end={end(<ColumnChooser {...chooser} />)}
      />
      <ListBody
        {...body}
        label={label}
        columns={visible}
        empty={
          <EmptyState title={`No ${nouns} here yet`} action={button()}>
            {hint}
            {inheritedWords(at, label, inheritedOnce)}
          </EmptyState>
        }
      />
    </>
  );
}

function Facts({ total, help }: { total: ReactNode; help: Word | undefined }) {
  return (
    <>
      {total}
      {help !== undefined && <WordHelp word={help} />}
    </>
  );
}

function inheritedWords(at: PathScope, label: string, once: string | undefined): string {
  if (once === undefined || at.scope === 'scalr') return '';
  return ` ${label} ${once} at higher scopes show here as well.`;
}
