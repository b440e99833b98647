import { useQuery } from '@tanstack/react-query';
import type { ApiError, ConfirmationWay } from '#contract/errors.ts';
import type { ReactNode } from 'react';

import { sessionQuery } from '../../api/session.ts';
import { providerUrl } from '../../api/people/sign-in.ts';
import { profilePath } from '../../util/paths.ts';
import { shellWord } from '../../util/shell.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { CommandText } from '../as-command/CommandText.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { Notice } from '../Notice.tsx';

import { ConfirmByPasskey } from './ConfirmByPasskey.tsx';
import { ConfirmByPassword } from './ConfirmByPassword.tsx';

/** By each way that the server names. */
const ways: Record<ConfirmationWay, (email: string, onDone: () => void) => ReactNode> = {
  link: (email) => (
    <>
      <p>
        Open a new sign-in link in another tab of this browser. Whoever runs this server makes one
        with this command, in the folder where Slipway is installed:
      </p>
      <CommandText text={`npm run -s slipway -- sign-in-link --user ${shellWord(email)}`} />
    </>
  ),
  password: (email, onDone) => <ConfirmByPassword {...{ email, onDone }} />,
  passkey: (_, onDone) => <ConfirmByPasskey onDone={onDone} />,
  provider: () => (
    <p>
      <a href={providerUrl(profilePath)} target="_blank" rel="noreferrer">
        Sign in at your provider
      </a>{' '}
      in another tab.
    </p>
  ),
};

interface ConfirmAgainProps {
  refusal: ApiError;
  isAgain: boolean;
  onAnswer: (isConfirmed: boolean) => void;
}

/** Over whatever wants a fresh sign-in: what is typed below stays, and is sent once somebody has signed in. */
export function ConfirmAgain({ refusal, isAgain, onAnswer }: ConfirmAgainProps) {
  const email = useQuery(sessionQuery).data?.user.email ?? '';
  const { confirmBy = [] } = refusal.details;
  return (
    <Dialog title="Sign in again to go on" size="md" onClose={() => onAnswer(false)}>
      <DialogBody>
        <p>{refusal.message} What you typed is still here.</p>
        {confirmBy.map((way) => (
          <div key={way}>{ways[way](email, () => onAnswer(true))}</div>
        ))}
        {isAgain && (
          <Notice tone="warning" urgent>
            Nobody has signed in again in this browser yet.
          </Notice>
        )}
        <DialogActions changes={noChanges}>
          <ActionButton onClick={() => onAnswer(false)}>Cancel</ActionButton>
          <ActionButton variant="filled" startsFocused onClick={() => onAnswer(true)}>
            Go on
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
