import { userRoleLabel } from '#contract/permissions.ts';
import type { Session } from '#contract/organisation/scopes.ts';

import { apiKeyListQuery } from '../../api/people/api-keys.ts';
import { useKnownSession } from '../../api/session.ts';
import { sessionListQuery } from '../../api/people/sessions.ts';
import { FactList } from '../../components/FactList.tsx';
import { MyAbilities } from '../../components/people/MyAbilities.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { highestScope } from '../../util/grants.ts';
import { paths } from '../../util/paths.ts';
import { placeName } from '../../util/places.ts';

import { ApiKeys } from './ApiKeys.tsx';
import { Passkeys } from './Passkeys.tsx';
import { Password } from './Password.tsx';
import { Sessions } from './Sessions.tsx';
import { SignIns } from './SignIns.tsx';
import { Subscriptions } from './Subscriptions.tsx';

export function loader() {
  void queryClient.prefetchQuery(apiKeyListQuery);
  void queryClient.prefetchQuery(sessionListQuery);
  return null;
}

/** Who is signed in, what they may do where, and the keys that their programs sign with. */
export function Component() {
  const session = useKnownSession();
  return session ? <Profile session={session} /> : <PageSkeleton />;
}

function Profile({ session: { user, grants } }: { session: Session }) {
  const home = highestScope(grants);
  return (
    <>
      <PageHeader
        title={user.name}
        crumbs={home === undefined ? [] : [{ label: 'Images', to: paths.images(home) }]}
      />
      <DetailSection title="What you may do">
        <FactList
          facts={[
            { label: 'E-mail', value: user.email },
            ...grants.map((grant) => ({
              label: placeName(grant),
              value: userRoleLabel[grant.role],
            })),
          ]}
        />
      </DetailSection>
      <Password />
      <Passkeys />
      <DetailSection title="What you may do where">
        <MyAbilities grants={grants} />
      </DetailSection>
      <ApiKeys grants={grants} />
      <Subscriptions />
      <Sessions />
      <SignIns />
    </>
  );
}
