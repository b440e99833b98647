import { useState } from 'react';

import { ActionButton } from '../../components/ActionButton.tsx';
import { copyText } from '../../util/clipboard.ts';

import classes from './SignInPage.module.css';

const command = 'npm run -s slipway -- sign-in-link --user you@example.com';

/** How to get a link. */
export function LinkCommand() {
  const [copied, setCopied] = useState(false);
  return (
    <>
      <p>
        Slipway has no passwords. Whoever runs this server makes you a link with this command, in
        the folder that Slipway is installed in. It signs you in once, within 15 minutes.
      </p>
      <div className={classes['command']}>
        <code className="mono">{command}</code>
        <ActionButton
          size="xs"
          onClick={() => {
            void copyText(command).then(() => setCopied(true));
          }}
        >
          {copied ? 'Copied' : 'Copy'}
        </ActionButton>
      </div>
    </>
  );
}
