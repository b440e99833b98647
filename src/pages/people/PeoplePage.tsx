import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { userStatuses } from '#contract/people/users.ts';

import type { Answer } from '../../api/client.ts';
import { userListQuery } from '../../api/people/people.ts';
import type { UserListInput } from '../../api/people/people.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { filtersBy, optionsOf } from '../../components/filters/choices.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { AbilitiesAt } from '../../components/people/MyAbilities.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { ListPage } from '../../layouts/ListPage.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { paths, scopePath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { choiceParam, listParams, pageOf, textParam } from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

import { InviteUser } from './InviteUser.tsx';
import { grantWords, statusWords } from './people-words.ts';
import { PeopleViews } from './PeopleViews.tsx';

type Row = Answer<'userList'>['data'][number];

const search = {
  query: textParam(),
  status: choiceParam(userStatuses),
  ...listParams(['name'], 'name'),
};

function listInput(state: SearchState<typeof search>): UserListInput {
  return {
    query: state.query,
    status: state.status,
    sort: state.sort,
    ...pageOf(state),
    include: ['total'],
  };
}

const statusWord = { active: 'Active', suspended: 'Suspended', left: 'Has left' } as const;
const rowKey = ({ id }: Row) => String(id);
const nameOf = ({ name }: Row) => name;

function columnsAt(at: PathScope): readonly Column<Row>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      isName: true,
      sortKey: 'name',
      cell: ({ id, name }) => <Link to={paths.user(at, id)}>{name}</Link>,
      note: ({ email }) => email,
    },
    { id: 'status', header: 'Status', width: '8rem', cell: statusWords },
    {
      id: 'rights',
      header: 'Rights',
      cell: ({ grants }) =>
        grants
          .map((grant) => `${grantWords(grant)}${grant.team ? ` (team ${grant.team.name})` : ''}`)
          .join(', ') || '–',
    },
    {
      id: 'joined',
      header: 'Signed in first',
      width: '9rem',
      cell: ({ joined }) => <RelativeTime at={joined} />,
    },
  ];
}

/** The people of a scope for administrators; for everybody else what they themselves may do here. */
export function Component() {
  const at = useScope();
  const { data: scope } = useQuery(scopeQuery(at));
  if (scope === undefined) return null;
  return scope.actions.userInvite.allowed ? (
    <People key={scopePath(at)} at={at} />
  ) : (
    <>
      <PageHeader title="People" />
      <p className="dim">Administrators of this scope see who may do what here.</p>
      <DetailSection title="What you may do here">
        <AbilitiesAt at={at} />
      </DetailSection>
    </>
  );
}

function People({ at }: { at: PathScope }) {
  const base = useList(search, (state) => userListQuery(at, listInput(state)));
  const filter = filtersBy(base.state, base.patch);
  const filters = [filter('status', 'Status', optionsOf(userStatuses, statusWord))];
  const listing = useListing(base, filters, {
    label: 'Search people',
    placeholder: 'Name or e-mail',
    members: ['name', 'email'],
  });
  const { dialog, close } = useDialog(['invite']);
  return (
    <>
      <ListPage
        {...{ at, listing, rowKey }}
        columns={columnsAt(at)}
        rowLabel={nameOf}
        title="People"
        noun="user"
        create={{
          label: 'Invite somebody',
          to: paths.people(at, { dialog: 'invite' }),
          reason: undefined,
        }}
        hint="Nobody holds a right here yet."
        end={(chooser) => (
          <PeopleViews at={at} value="people">
            {chooser}
          </PeopleViews>
        )}
      />
      {dialog === 'invite' && <InviteUser at={at} onClose={close} />}
    </>
  );
}
