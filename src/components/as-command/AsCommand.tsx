import { Suspense, useState } from 'react';

import type { ShownChange } from '../../api/request.ts';
import { lazyPart } from '../../util/lazy-part.ts';

import classes from './AsCommand.module.css';

// Nobody needs it to see a page.
const CommandPanel = lazyPart(async () => (await import('./CommandPanel.tsx')).CommandPanel);

/** What is about to be changed, in order; undefined while a form is not complete. */
export type Changes = readonly ShownChange[] | undefined;

/** For buttons that change nothing on the server. */
export const noChanges: Changes = [];

/** Shows, on demand, the commands that do what a dialog or a form is about to do. */
export function AsCommand({ changes }: { changes: Changes }) {
  const [isOpen, setIsOpen] = useState(false);
  if (changes?.length === 0) return null;
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary
        className={classes['summary']}
        onPointerEnter={CommandPanel.fetchAhead}
        onFocus={CommandPanel.fetchAhead}
      >
        As command
      </summary>
      {isOpen && (
        <Suspense>
          <CommandPanel changes={changes} />
        </Suspense>
      )}
    </details>
  );
}
