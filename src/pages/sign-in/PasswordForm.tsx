import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ChangeEvent } from 'react';

import { useSendLink } from '../../api/people/sign-in.ts';
import type { usePasswordSignIn } from '../../api/people/sign-in.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PasswordField } from '../../components/forms/PasswordField.tsx';

import classes from './SignInPage.module.css';

interface PasswordFormProps {
  signIn: ReturnType<typeof usePasswordSignIn>;
  /** Where people have none, the address alone is asked for. */
  hasPasswords: boolean;
  /** Links are sent by mail. */
  hasMail: boolean;
}

/** What is typed, and what can be done with it. */
function useFields({ signIn, hasPasswords }: PasswordFormProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<'email' | 'password'>();
  const send = useSendLink();
  const address = email.trim();
  const pass = (lacking: typeof missing) => {
    setMissing(lacking);
    return lacking === undefined;
  };
  const signInNow = () => {
    const lacking = address === '' ? 'email' : password === '' ? 'password' : undefined;
    if (pass(lacking) && !signIn.isPending) signIn.mutate({ email: address, password });
  };
  const sendLink = () => {
    if (pass(address === '' ? 'email' : undefined) && !send.isPending)
      send.mutate(send.change({ body: { email: address } }));
  };
  const emailProps = {
    value: email,
    error: missing === 'email' ? 'Type your e-mail address first.' : undefined,
    onChange: (event: ChangeEvent<HTMLInputElement>) => setEmail(event.target.value),
  };
  const passwordProps = {
    value: password,
    error: missing === 'password' ? 'Type your password first.' : undefined,
    onChange: (event: ChangeEvent<HTMLInputElement>) => setPassword(event.target.value),
  };
  return { emailProps, passwordProps, send, sendLink, submit: hasPasswords ? signInNow : sendLink };
}

/** By address and password; whoever has forgotten it has a link sent. */
export function PasswordForm(props: PasswordFormProps) {
  const { signIn, hasPasswords } = props;
  const { emailProps, passwordProps, send, sendLink, submit } = useFields(props);
  const onSubmit = (event: { preventDefault: () => void }) => {
    event.preventDefault();
    submit();
  };
  const label = hasPasswords ? 'Sign in with a password' : 'Have a link sent';
  return (
    <form noValidate aria-label={label} className={classes['form']} onSubmit={onSubmit}>
      <TextInput
        label="E-mail address"
        type="email"
        name="email"
        autoComplete="username"
        {...emailProps}
      />
      {hasPasswords && (
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          {...passwordProps}
        />
      )}
      {signIn.isError && <ErrorNotice error={signIn.error} />}
      {send.isError && <ErrorNotice error={send.error} />}
      {send.isSuccess && (
        <output>
          If somebody here has this address, a link is on its way. It signs in once, within 15
          minutes.
        </output>
      )}
      <Buttons {...props} isSending={send.isPending} sendLink={sendLink} />
    </form>
  );
}

interface ButtonsProps extends PasswordFormProps {
  isSending: boolean;
  sendLink: () => void;
}

function Buttons({ signIn, hasPasswords, hasMail, isSending, sendLink }: ButtonsProps) {
  return (
    <div className={classes['buttons']}>
      {hasPasswords && (
        <ActionButton type="submit" variant="filled" pending={signIn.isPending}>
          Sign in with the password
        </ActionButton>
      )}
      {hasMail && (
        <ActionButton
          type={hasPasswords ? 'button' : 'submit'}
          pending={isSending}
          onClick={hasPasswords ? sendLink : undefined}
        >
          Send me a sign-in link
        </ActionButton>
      )}
    </div>
  );
}
