import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Team } from '#contract/people/teams.ts';

import { teamListQuery } from '../../api/people/people.ts';
import type { TeamListInput } from '../../api/people/people.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { placeName } from '../../util/places.ts';
import { listParams, pageOf, textParam } from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { CreateTeam } from './TeamForm.tsx';
import { PeopleViews } from './PeopleViews.tsx';

const search = { query: textParam(), ...listParams(['name'], 'name') };

function listInput(state: SearchState<typeof search>): TeamListInput {
  return {
    query: state.query,
    sort: state.sort,
    ...pageOf(state),
    include: ['total'],
  };
}

const rowKey = ({ id }: Team) => String(id);
const nameOf = ({ name }: Team) => name;

function columnsAt(at: PathScope): readonly Column<Team>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      isName: true,
      sortKey: 'name',
      cell: ({ id, name }) => <Link to={paths.team(at, id)}>{name}</Link>,
    },
    { id: 'scope', header: 'At', width: '14rem', cell: placeName },
    {
      id: 'members',
      header: 'Members',
      width: '6rem',
      align: 'end',
      cell: ({ memberCount }) => memberCount,
    },
    {
      id: 'group',
      header: 'Group at sign-in',
      width: '14rem',
      cell: ({ externalGroup }) => externalGroup ?? '–',
    },
  ];
}

/** The teams that a scope sees. */
export const Component = scopedPage(Teams);

function Teams({ at }: { at: PathScope }) {
  const base = useList(search, (state) => teamListQuery(at, listInput(state)));
  const listing = useListing(base, [], {
    label: 'Search teams',
    placeholder: 'Name',
    members: ['name'],
  });
  const { data: scope } = useQuery(scopeQuery(at));
  const { dialog, close } = useDialog(['create']);
  return (
    <>
      <ListPage
        {...{ at, listing, rowKey }}
        columns={columnsAt(at)}
        rowLabel={nameOf}
        noun="team"
        create={{
          label: 'New team',
          to: paths.teams(at, { dialog: 'create' }),
          reason: reasonAgainst(scope?.actions.userInvite),
        }}
        hint="A team holds rights for all who are in it."
        end={(chooser) => (
          <PeopleViews at={at} value="teams">
            {chooser}
          </PeopleViews>
        )}
      />
      {dialog === 'create' && <CreateTeam at={at} onClose={close} />}
    </>
  );
}
