import { useState } from 'react';

import { usePasswordSignIn } from '../../api/people/sign-in.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { PasswordField } from '../forms/PasswordField.tsx';

import classes from './ConfirmByPassword.module.css';

/** Signs in anew, here, whoever has a password. */
export function ConfirmByPassword({ email, onDone }: { email: string; onDone: () => void }) {
  const [password, setPassword] = useState('');
  const signIn = usePasswordSignIn();
  return (
    <form
      noValidate
      aria-label="Sign in with a password"
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== '' && !signIn.isPending)
          signIn.mutate({ email, password }, { onSuccess: onDone });
      }}
    >
      <PasswordField
        label="Your password, if you have one"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {signIn.isError && <ErrorNotice error={signIn.error} />}
      <ActionButton
        type="submit"
        pending={signIn.isPending}
        disabledReason={password === '' ? 'Type your password first.' : undefined}
      >
        Sign in with the password
      </ActionButton>
    </form>
  );
}
