import { useQuery } from '@tanstack/react-query';
import type { NewApiKey } from '#contract/people/api-keys.ts';

import { sessionQuery } from '../../api/session.ts';
import { shellWord } from '../../util/shell.ts';
import type { Changes } from './AsCommand.tsx';
import { CommandText } from './CommandText.tsx';

/** API keys: a program cannot give itself another, so only who runs the server has a command. */
export function KeyCommand({ changes }: { changes: NonNullable<Changes> }) {
  const email = useQuery(sessionQuery).data?.user.email;
  const creation = changes.find(({ id }) => id === 'apiKeyCreate');
  if (changes.some(({ id }) => id.startsWith('session')))
    return (
      <p>There is no command for this: sessions are ended in a browser, not with an API key.</p>
    );
  if (creation === undefined || email === undefined) {
    return (
      <p>
        There is no command for this: API keys cannot be changed with an API key, only by their
        owner here.
      </p>
    );
  }
  const { body } = creation.input as { body: NewApiKey };
  const words = ['keys', 'create', '--user', shellWord(email), '--name', shellWord(body.name)];
  if (body.readOnly === true) words.push('--read-only');
  if (body.expires !== undefined) words.push('--expires', body.expires);
  if (body.accountId !== undefined) words.push('--scope', `account:${body.accountId}`);
  if (body.envId !== undefined) words.push('--scope', `environment:${body.envId}`);
  return (
    <>
      <CommandText text={`npm run -s slipway -- ${words.join(' ')}`} />
      <p className="dim small">
        Run it in the folder where Slipway is installed. An API key cannot make another, so
        scalr-ctl and curl have no command for this.
      </p>
    </>
  );
}
