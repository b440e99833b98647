import { useQuery } from '@tanstack/react-query';

import { passkeyListQuery, secondStepQuery, useSetSecondStep } from '../../api/people/passkeys.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { announce } from '../../util/announce.ts';

/** Whether a password alone lets in whoever knows it. */
export function SecondStep() {
  const { data: state } = useQuery(secondStepQuery);
  const passkeys = useQuery(passkeyListQuery).data?.data;
  const set = useSetSecondStep();
  if (state === undefined || passkeys === undefined) return null;
  const { on, demanded } = state;
  if (demanded && !on)
    return <p>Here, a passkey is asked for after each password. Keep two, in case one is lost.</p>;
  const change = set.change({ body: { on: !on } });
  const onSuccess = () =>
    announce(on ? 'Your password alone signs you in.' : 'A passkey is asked for as well.');
  return (
    <>
      <p>
        {on
          ? 'After your password, and a link that you have sent to you, a passkey is asked for.'
          : 'Your password, or a link that you have sent to you, signs you in alone.'}
      </p>
      {set.isError && <ErrorNotice error={set.error} />}
      <p>
        <ActionButton
          pending={set.isPending}
          disabledReason={!on && passkeys.length === 0 ? 'Add a passkey first.' : undefined}
          onClick={() => set.mutate(change, { onSuccess })}
        >
          {on ? 'Ask for no passkey after it' : 'Ask for a passkey after it'}
        </ActionButton>
      </p>
    </>
  );
}
