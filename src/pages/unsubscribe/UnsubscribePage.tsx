import { useState } from 'react';
import { Link, useLocation } from 'react-router';

import { useEndSubscription } from '../../api/people/sign-in.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { profilePath } from '../../util/paths.ts';

/**
 * Ends what a mail was sent for, for whoever has the link, signed in or not. It asks first: programs open the links of
 * mails, too.
 */
export function Component() {
  const { hash } = useLocation();
  const [token] = useState(() => new URLSearchParams(hash.slice(1)).get('token') ?? '');
  const end = useEndSubscription();
  return (
    <>
      <title>Be told no more · Slipway</title>
      <h1>Be told no more</h1>
      {end.isSuccess ? (
        <output>You get no more mails of this kind.</output>
      ) : (
        <>
          <p>Slipway then sends you no more of the mails that led here.</p>
          {end.isError && <ErrorNotice error={end.error} />}
          <ActionButton
            variant="filled"
            pending={end.isPending}
            disabledReason={token === '' ? 'The link is not whole. Open it again.' : undefined}
            onClick={() => end.mutate(end.change({ body: { token } }))}
          >
            Send me no more
          </ActionButton>
        </>
      )}
      <p>
        <Link to={profilePath}>All that you are told of</Link>
      </p>
    </>
  );
}
