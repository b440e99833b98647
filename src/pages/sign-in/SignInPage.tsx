import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Navigate, useLocation, useNavigate, useSearchParams } from 'react-router';

import { sessionQuery, useForgetWhenSignedOut, useSignIn } from '../../api/session.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { basePath } from '../../util/base-path.ts';
import { homePath } from '../../util/paths.ts';
import { tokenIn, wantedPath } from '../../util/sign-in.ts';

import { LinkCommand } from './LinkCommand.tsx';
import classes from './SignInPage.module.css';

/** Takes the token out of the address and its history at once, and redeems it, once. */
function useRedeemLink(redeem: (token: string) => void): boolean {
  const { hash, pathname, search } = useLocation();
  const navigate = useNavigate();
  const token = tokenIn(hash);
  const redeemed = useRef<string>(undefined);
  const [started, setStarted] = useState(token !== undefined);
  useEffect(() => {
    if (token === undefined || redeemed.current === token) return;
    redeemed.current = token;
    setStarted(true);
    void navigate({ pathname, search }, { replace: true });
    // After this commit: strict mode takes a mutation that starts within it for abandoned.
    queueMicrotask(() => redeem(token));
  }, [token, redeem, navigate, pathname, search]);
  return started;
}

/** Signs in by a one-time link; without one, says how to get it. */
export function Component() {
  const [search] = useSearchParams();
  const session = useQuery(sessionQuery);
  useForgetWhenSignedOut(session.data);
  const signIn = useSignIn();
  const isRedeeming = useRedeemLink(signIn.mutate) && !signIn.isError;

  if (signIn.isSuccess || (session.data && !isRedeeming && !signIn.isError)) {
    return <Navigate to={wantedPath(search) ?? homePath} replace />;
  }
  return (
    <div className={classes['page']}>
      <title>Sign in · Slipway</title>
      <h1>Sign in</h1>
      {isRedeeming ? (
        <output>Signing in…</output>
      ) : (
        <>
          {signIn.isError && <ErrorNotice error={signIn.error} />}
          {session.data && (
            <p>
              You are still signed in as {session.data.user.email}.{' '}
              <ActionButton to={wantedPath(search) ?? homePath}>Continue</ActionButton>
            </p>
          )}
          <LinkCommand />
          <LinkForm onSubmit={signIn.mutate} pending={signIn.isPending} />
        </>
      )}
    </div>
  );
}

interface LinkFormProps {
  onSubmit: (token: string) => void;
  pending: boolean;
}

/** For a link that was sent, or one made while this page shows where to go on to. */
function LinkForm({ onSubmit, pending }: LinkFormProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  return (
    <form
      noValidate
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
