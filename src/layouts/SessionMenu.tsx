import { useQuery } from '@tanstack/react-query';
import { userRoleLabel } from '#contract/permissions.ts';
import { Suspense, useState } from 'react';
import type { Session } from '#contract/organisation/scopes.ts';

import { scopeQuery } from '../api/scopes.ts';
import { useSignOut } from '../api/session.ts';
import { hasUnsaved } from '../hooks/use-unsaved.ts';
import { useOptionalScope } from '../hooks/use-scope.ts';
import { grantAt } from '../util/grants.ts';
import { announce } from '../util/announce.ts';
import type { PathScope } from '../util/paths.ts';
import { placeName } from '../util/places.ts';

import { LeaveQuestion } from './LeaveGuard.tsx';
import { UserMenu } from './UserMenu.tsx';

/** What the user may do where they are now: `Publisher here, granted at Acme`. */
function useRoleHere(session: Session, scope: PathScope | undefined): string {
  const { data: info } = useQuery({
    ...scopeQuery(scope ?? { scope: 'scalr' }),
    enabled: scope !== undefined,
  });
  if (scope === undefined || info === undefined) return '';
  const grant = grantAt(session.grants, info);
  if (grant === undefined) return 'No rights here';
  const label = userRoleLabel[grant.role];
  return grant.scope === info.scope
    ? `${label} here`
    : `${label} here, granted at ${placeName(grant)}`;
}

interface SessionMenuProps {
  session: Session;
  onKeyboardHelp: () => void;
}

/** The user menu of the session. */
export function SessionMenu({ session, onKeyboardHelp }: SessionMenuProps) {
  const scope = useOptionalScope();
  const role = useRoleHere(session, scope);
  const signOut = useSignOut();
  const [isAsking, setAsking] = useState(false);
  const carryOut = () =>
    signOut.mutate(undefined, {
      onError: (error) => announce(`Not signed out. ${error.message}`, 'danger'),
    });
  return (
    <>
      <UserMenu
        name={session.user.name}
        email={session.user.email}
        role={role}
        onKeyboardHelp={onKeyboardHelp}
        onSignOut={() => (hasUnsaved() ? setAsking(true) : carryOut())}
      />
      {isAsking && (
        <Suspense>
          <LeaveQuestion
            onLeave={() => {
              setAsking(false);
              carryOut();
            }}
            onStay={() => setAsking(false)}
          />
        </Suspense>
      )}
    </>
  );
}
