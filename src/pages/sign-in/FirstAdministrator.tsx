import { TextInput } from '@mantine/core';
import { useState } from 'react';

import type { useCreateFirstAdministrator } from '../../api/people/sign-in.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PasswordField } from '../../components/forms/PasswordField.tsx';
import { errorFacts } from '../../util/errors.ts';

import classes from './SignInPage.module.css';

interface FirstAdministratorProps {
  /** Of the link that Slipway printed. */
  token: string;
  creation: ReturnType<typeof useCreateFirstAdministrator>;
  hasPasswords: boolean;
}

type Creation = FirstAdministratorProps['creation'];

/** What is typed, what the server said of it, and how to send it. */
function useFields(token: string, creation: Creation) {
  const [values, setValues] = useState({ name: '', email: '', password: '' });
  const { field, message } = errorFacts(creation.error);
  const known = ['name', 'email', 'password'].includes(field ?? '');
  const fieldProps = (name: keyof typeof values) => ({
    name,
    value: values[name],
    error: creation.isError && field === name ? message : undefined,
    onChange: (event: { target: { value: string } }) =>
      setValues({ ...values, [name]: event.target.value }),
  });
  const submit = () => {
    const { name, email, password } = values;
    const given = { token, name: name.trim(), email: email.trim() };
    if (!creation.isPending) creation.mutate(password === '' ? given : { ...given, password });
  };
  return { fieldProps, submit, isOther: creation.isError && !known };
}

/** Makes the first administrator, whom nobody could invite. */
export function FirstAdministrator({ token, creation, hasPasswords }: FirstAdministratorProps) {
  const { fieldProps, submit, isOther } = useFields(token, creation);
  return (
    <form
      noValidate
      aria-label="The first administrator"
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p>
        Nobody administers this Slipway yet. Whoever you name here may do everything, and invites
        everybody else.
      </p>
      <TextInput
        label="Name"
        description="Shown to others."
        autoComplete="name"
        data-autofocus
        {...fieldProps('name')}
      />
      <TextInput
        label="E-mail address"
        type="email"
        autoComplete="email"
        {...fieldProps('email')}
      />
      {hasPasswords && (
        <PasswordField
          label="Password (optional)"
          description="8 characters or more; 15 or more are advised. Without one, links made on the command line sign you in."
          autoComplete="new-password"
          {...fieldProps('password')}
        />
      )}
      {isOther && <ErrorNotice error={creation.error} />}
      <ActionButton type="submit" variant="filled" pending={creation.isPending}>
        Create the first administrator
      </ActionButton>
    </form>
  );
}
