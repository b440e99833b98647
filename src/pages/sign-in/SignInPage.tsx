import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Navigate, useLocation, useNavigate, useSearchParams } from 'react-router';
import type { Session } from '#contract/organisation/scopes.ts';
import { isSignInProblem, signInProblems } from '#contract/people/sign-in-problems.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';

import { sessionQuery, tellOtherTabs, useForgetWhenSignedOut } from '../../api/session.ts';
import {
  signInWaysQuery,
  useCreateFirstAdministrator,
  usePasskeySignIn,
  usePasswordSignIn,
  useSignIn,
} from '../../api/people/sign-in.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Notice } from '../../components/Notice.tsx';
import { homePath } from '../../util/paths.ts';
import { isForFirstAdministrator, tokenIn, wantedPath } from '../../util/sign-in.ts';

import { FirstAdministrator } from './FirstAdministrator.tsx';
import { LinkCommand } from './LinkCommand.tsx';
import { LinkForm } from './LinkForm.tsx';
import { PasskeyButton } from './PasskeyButton.tsx';
import { PasswordForm } from './PasswordForm.tsx';
import { ProviderButton } from './ProviderButton.tsx';
import classes from './SignInPage.module.css';

/**
 * Takes the token out of the address and its history at once, and redeems it, once: but for one that makes the
 * first administrator, which a form goes with.
 */
function useToken(redeem: (token: string) => void) {
  const { hash, pathname, search } = useLocation();
  const navigate = useNavigate();
  const token = tokenIn(hash);
  const isFirst = isForFirstAdministrator(hash);
  const redeemed = useRef<string>(undefined);
  const [taken, setTaken] = useState<{ token: string; isFirst: boolean }>();
  if (token !== undefined && token !== taken?.token) setTaken({ token, isFirst });
  useEffect(() => {
    if (token === undefined || redeemed.current === token) return;
    redeemed.current = token;
    void navigate({ pathname, search }, { replace: true });
    // After this commit: strict mode takes a mutation that starts within it for abandoned.
    if (!isFirst) queueMicrotask(() => redeem(token));
  }, [token, isFirst, redeem, navigate, pathname, search]);
  return {
    isRedeemed: taken?.isFirst === false,
    firstToken: taken?.isFirst === true ? taken.token : undefined,
  };
}

/** Who comes back from the provider has a new page: the browser's others still show what was before. */
function useTellOfEntry(session: Session | null | undefined): void {
  const [search] = useSearchParams();
  const userId = search.has('entered') ? session?.user.id : undefined;
  useEffect(() => {
    if (userId !== undefined) tellOtherTabs(userId);
  }, [userId]);
}

/** Signs in: with a passkey, by the provider, with a password or by a one-time link, as far as there are those. */
export function Component() {
  const [search] = useSearchParams();
  const session = useQuery(sessionQuery);
  useForgetWhenSignedOut(session.data);
  useTellOfEntry(session.data);
  const ways = useQuery(signInWaysQuery);
  const byLink = useSignIn();
  const byPassword = usePasswordSignIn();
  const byPasskey = usePasskeySignIn();
  const first = useCreateFirstAdministrator();
  const { isRedeemed, firstToken } = useToken(byLink.mutate);
  const isRedeeming = isRedeemed && !byLink.isError;
  const isIn = [byLink, byPassword, byPasskey, first].some(({ isSuccess }) => isSuccess);
  const isHere = session.data && !isRedeeming && !byLink.isError && firstToken === undefined;
  const next = wantedPath(search);
  const problem = search.get('problem');

  if (isIn || (isHere && !isSignInProblem(problem)))
    return <Navigate to={next ?? homePath} replace />;
  return (
    <div className={classes['page']}>
      <title>Sign in · Slipway</title>
      <h1>{firstToken === undefined ? 'Sign in' : 'Create the first administrator'}</h1>
      {isRedeeming && <output>Signing in…</output>}
      {firstToken !== undefined && (
        <FirstAdministrator
          token={firstToken}
          creation={first}
          hasPasswords={ways.data?.password ?? false}
        />
      )}
      {!isRedeeming && firstToken === undefined && (
        <Forms
          {...{ byLink, byPassword, byPasskey, next, problem }}
          session={session.data}
          ways={ways.data}
        />
      )}
    </div>
  );
}

interface FormsProps {
  byLink: ReturnType<typeof useSignIn>;
  byPassword: ReturnType<typeof usePasswordSignIn>;
  byPasskey: ReturnType<typeof usePasskeySignIn>;
  next: string | undefined;
  /** What went wrong at the provider, by its name. */
  problem: string | null;
  session: Session | null | undefined;
  ways: SignInWays | undefined;
}

/** What went wrong before, and every way to try. */
function Forms({ byLink, next, problem, session, ways, ...by }: FormsProps) {
  return (
    <>
      {isSignInProblem(problem) && !byLink.isError && (
        <Notice tone="danger" urgent>
          {signInProblems[problem]}
        </Notice>
      )}
      {byLink.isError && <ErrorNotice error={byLink.error} />}
      {session && (
        <p>
          You are still signed in as {session.user.email}.{' '}
          <ActionButton to={next ?? homePath}>Continue</ActionButton>
        </p>
      )}
      {ways && <OtherWays ways={ways} next={next} {...by} />}
      <LinkCommand />
      <LinkForm onSubmit={byLink.mutate} pending={byLink.isPending} />
    </>
  );
}

interface OtherWaysProps extends Pick<FormsProps, 'next' | 'byPassword' | 'byPasskey'> {
  ways: SignInWays;
}

/** What is set up beside links. */
function OtherWays({ ways, next, byPassword, byPasskey }: OtherWaysProps) {
  const { provider, password, passkey, mail } = ways;
  return (
    <>
      {passkey && <PasskeyButton signIn={byPasskey} />}
      {provider && <ProviderButton provider={provider} next={next} />}
      {(password || mail) && (
        <PasswordForm signIn={byPassword} hasPasswords={password} hasMail={mail} />
      )}
    </>
  );
}
