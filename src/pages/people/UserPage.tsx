import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { UserDetail } from '#contract/people/users.ts';

import { userAbilityQuery, userQuery } from '../../api/people/people.ts';
import { useObject } from '../../api/query.ts';
import { FactList } from '../../components/FactList.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { Abilities } from '../../components/people/Abilities.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { DetailLayout, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { statusWords } from './people-words.ts';
import { RightsTable } from './RightsTable.tsx';
import { UserActs } from './UserActs.tsx';
import { UserKeys } from './UserKeys.tsx';

/** Starts reading before the page is there. */
export const loader = scopedLoader((at, _search, { userId = '' }) => {
  void queryClient.prefetchQuery(userQuery(at, userId));
});

/** One user: what they hold, what they may do, and what can be done about it. */
export function Component() {
  const at = useScope();
  const { userId = '' } = useParams();
  const user = useObject(userQuery(at, userId));
  if (user === undefined) return <PageSkeleton />;
  return <Details key={userId} at={at} user={user} />;
}

function Details({ at, user }: { at: PathScope; user: UserDetail }) {
  const abilities = useQuery(userAbilityQuery(at, user.id));
  return (
    <>
      <PageHeader
        title={user.name}
        crumbs={[{ label: 'People', to: paths.people(at) }]}
        facts={<span>{statusWords(user)}</span>}
      />
      <DetailLayout
        facts={
          <DetailSection title="Who it is">
            <FactList facts={factsOf(at, user)} />
          </DetailSection>
        }
        actions={<UserActs at={at} user={user} />}
      >
        <DetailSection title="Rights">
          <RightsTable at={at} grants={user.grants} of="user" name={user.name} />
          {user.elsewhere && (
            <p className="dim">They also hold rights that are not seen from this scope.</p>
          )}
        </DetailSection>
        <DetailSection title="What they may do here">
          <Abilities abilities={abilities.data} />
        </DetailSection>
        <DetailSection title="API keys">
          <UserKeys at={at} user={user} />
        </DetailSection>
        <ObjectActivity at={at} object={`user:${user.id}`} />
      </DetailLayout>
    </>
  );
}

function factsOf(at: PathScope, user: UserDetail) {
  return [
    { label: 'E-mail', value: user.email },
    { label: 'Invited', value: <RelativeTime at={user.invited} /> },
    { label: 'Signed in first', value: <RelativeTime at={user.joined} /> },
    ...(user.suspended === null
      ? []
      : [{ label: 'Suspended', value: <RelativeTime at={user.suspended} /> }]),
    { label: 'Sessions', value: String(user.sessions) },
    { label: 'Password', value: user.hasPassword ? 'set' : 'none' },
    { label: 'Passkeys', value: String(user.passkeys) },
    {
      label: 'Sign-ins',
      value: <Link to={paths.signIns(at, { person: user.email })}>All of theirs</Link>,
    },
    { label: 'Farms', value: String(user.farms) },
    {
      label: 'Teams',
      value:
        user.teams.length === 0
          ? 'none'
          : user.teams.map(({ id, name }) => (
              <div key={id}>
                <Link to={paths.team(at, id)}>{name}</Link>
              </div>
            )),
    },
  ];
}
