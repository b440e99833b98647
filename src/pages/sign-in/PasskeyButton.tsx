import type { usePasskeySignIn } from '../../api/people/sign-in.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';

import classes from './SignInPage.module.css';

/** Has the browser offer the passkeys that it knows for Slipway. */
export function PasskeyButton({ signIn }: { signIn: ReturnType<typeof usePasskeySignIn> }) {
  return (
    <div className={classes['form']}>
      {signIn.isError && <ErrorNotice error={signIn.error} />}
      <ActionButton variant="filled" pending={signIn.isPending} onClick={() => signIn.mutate()}>
        Sign in with a passkey
      </ActionButton>
    </div>
  );
}
