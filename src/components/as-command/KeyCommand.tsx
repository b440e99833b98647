import { useQuery } from '@tanstack/react-query';

import { sessionQuery } from '../../api/session.ts';
import { shellWord } from '../../util/shell.ts';
import type { Changes } from './AsCommand.tsx';
import { CommandText } from './CommandText.tsx';

/** API keys: a program cannot give itself another, so only who runs the server has a command. */
export function KeyCommand({ changes }: { changes: NonNullable<Changes> }) {
  const email = useQuery(sessionQuery).data?.user.email;
  const creation = changes.find(({ id }) => id === 'apiKeyCreate');
  if (creation === undefined || email === undefined) {
    return (
      <p>
        There is no command for this: API keys cannot be changed with an API key, only by their
        owner here.
      </p>
    );
  }
  const { name } = (creation.input as { body: { name: string } }).body;
  const words = ['keys', 'create', '--user', shellWord(email), '--name', shellWord(name)];
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
