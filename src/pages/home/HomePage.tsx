import { replace } from 'react-router';

import { sessionQuery } from '../../api/session.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { queryClient } from '../../query-client.ts';
import { highestScope } from '../../util/grants.ts';
import { paths, signInPath, welcomePath } from '../../util/paths.ts';

/** Leads on: to the first steps where there is no account yet, else to the user's highest scope. */
export async function loader() {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (session === null) return replace(signInPath);
  const scope = highestScope(session.grants);
  if (scope === undefined) return null;
  return replace(session.empty ? welcomePath : paths.images(scope));
}

/** Only seen by somebody who was let in without a right anywhere. */
export function Component() {
  return (
    <>
      <title>No rights yet · Slipway</title>
      <EmptyState title="You have no rights yet">
        You are signed in, but nobody has given you a role at any scope. Ask an administrator of
        Slipway for one.
      </EmptyState>
    </>
  );
}
