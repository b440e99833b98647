import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { advisedPassword, shortestPassword } from '#contract/people/password-length.ts';
import type { PasswordState } from '#contract/people/sign-in.ts';

import { passwordQuery, signInWaysQuery, useSetPassword } from '../../api/people/sign-in.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PasswordField } from '../../components/forms/PasswordField.tsx';
import formClasses from '../../components/forms/forms.module.css';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useUnsaved } from '../../hooks/use-unsaved.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';

/** The password to sign in with: whether there is one, and how to set another. */
export function Password() {
  const ways = useQuery(signInWaysQuery);
  const state = useQuery(passwordQuery);
  if (ways.data?.password === false) return null;
  return (
    <DetailSection title="Password">
      {state.isError && <ErrorNotice error={state.error} onRetry={() => void state.refetch()} />}
      {state.data && <About state={state.data} />}
    </DetailSection>
  );
}

function About({ state }: { state: PasswordState }) {
  return (
    <>
      <p>
        {state.isSet ? (
          <>
            Set <RelativeTime at={state.changed} />.
          </>
        ) : (
          'You have none.'
        )}
      </p>
      {state.takes === 'sign-in' ? (
        <p className="dim">
          To set one, sign in by a link or a provider, and set it here within 15 minutes.
        </p>
      ) : (
        <PasswordForm {...state} />
      )}
    </>
  );
}

const nothing = { present: '', password: '' };

/** What is typed, what the server said of it, and how to send it. */
function useFields(takes: PasswordState['takes']) {
  const [values, setValues] = useState(nothing);
  const set = useSetPassword();
  const { field, message } = errorFacts(set.error);
  useUnsaved((values.password !== '' || values.present !== '') && !set.isPending, 'page');
  const propsOf = (name: keyof typeof nothing) => ({
    name,
    value: values[name],
    error: set.isError && field === name ? message : undefined,
    onChange: (event: { target: { value: string } }) =>
      setValues({ ...values, [name]: event.target.value }),
  });
  const submit = () => {
    const { present, password } = values;
    const body = takes === 'present' ? { password, present } : { password };
    if (set.isPending || password === '') return;
    set.mutate(set.change({ body }), {
      onSuccess: () => {
        setValues(nothing);
        announce('The password is set. All your other sessions have ended.');
      },
    });
  };
  const isKnown = field === 'present' || field === 'password';
  return { set, propsOf, submit, isOther: set.isError && !isKnown };
}

function PasswordForm({ isSet, takes }: PasswordState) {
  const { set, propsOf, submit, isOther } = useFields(takes);
  return (
    <form
      noValidate
      className={formClasses['form']}
      aria-label="Password"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {takes === 'present' && (
        <PasswordField
          label="Present password"
          autoComplete="current-password"
          {...propsOf('present')}
        />
      )}
      <PasswordField
        label="New password"
        description={`${shortestPassword} characters or more; ${advisedPassword} or more are advised, such as some words in a row. Setting it ends all your other sessions.`}
        autoComplete="new-password"
        {...propsOf('password')}
      />
      {isOther && <ErrorNotice error={set.error} />}
      <div className={formClasses['actions']}>
        <ActionButton type="submit" variant="filled" pending={set.isPending}>
          {isSet ? 'Change password' : 'Set password'}
        </ActionButton>
      </div>
    </form>
  );
}
