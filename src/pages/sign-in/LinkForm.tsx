import { TextInput } from '@mantine/core';
import { useState } from 'react';

import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { basePath } from '../../util/base-path.ts';
import { tokenIn } from '../../util/sign-in.ts';

import classes from './SignInPage.module.css';

interface LinkFormProps {
  onSubmit: (token: string) => void;
  pending: boolean;
}

/** For a link that was sent, or one made while this page shows where to go on to. */
export function LinkForm({ onSubmit, pending }: LinkFormProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  return (
    <form
      noValidate
      aria-label="Sign in by a link"
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        const token = tokenIn(text);
        if (token === undefined) setProblem('Paste the whole link: it ends in #token=…');
        else if (!pending) onSubmit(token);
      }}
    >
      <TextInput
        label="Sign-in link"
        placeholder={`${window.location.origin}${basePath}/sign-in#token=…`}
        autoComplete="off"
        spellCheck={false}
        value={text}
        error={problem}
        onChange={(event) => {
          setText(event.target.value);
          setProblem(undefined);
        }}
      />
      <ActionButton type="submit" variant="filled" pending={pending}>
        Sign in
      </ActionButton>
    </form>
  );
}
