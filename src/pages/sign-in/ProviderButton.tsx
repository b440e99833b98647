import { Button } from '@mantine/core';
import type { SignInWays } from '#contract/people/sign-in.ts';

import { providerSignOutUrl, providerUrl } from '../../api/people/sign-in.ts';

import classes from './SignInPage.module.css';

interface ProviderButtonProps {
  provider: NonNullable<SignInWays['provider']>;
  next: string | undefined;
}

/** Leads out to the provider, and from there back. Its own session outlasts that of Slipway. */
export function ProviderButton({ provider: { label, signsOut }, next }: ProviderButtonProps) {
  return (
    <div className={classes['buttons']}>
      <Button component="a" href={providerUrl(next)} variant="filled" size="sm">
        Sign in with {label}
      </Button>
      {signsOut && (
        <Button component="a" href={providerSignOutUrl} variant="default" size="sm">
          Sign out at {label} as well
        </Button>
      )}
    </div>
  );
}
