import { usePasskeySignIn } from '../../api/people/sign-in.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

/** Signs in anew, here, whoever has a passkey. */
export function ConfirmByPasskey({ onDone }: { onDone: () => void }) {
  const signIn = usePasskeySignIn();
  return (
    <>
      <p>Or use your passkey, if you have one:</p>
      {signIn.isError && <ErrorNotice error={signIn.error} />}
      <ActionButton
        pending={signIn.isPending}
        onClick={() => signIn.mutate(undefined, { onSuccess: onDone })}
      >
        Use your passkey
      </ActionButton>
    </>
  );
}
