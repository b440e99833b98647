import type { ReactNode } from 'react';

import { ActionButton } from '../actions/ActionButton.tsx';
import { Notice } from '../Notice.tsx';

import classes from './forms.module.css';
import type { EditConflict } from './use-edited.ts';

interface ConflictNoticeProps {
  conflict: EditConflict;
  /** What the fields are called. */
  labels: Readonly<Record<string, string>>;
  /** A value as people know it; by itself, text is shown as it is, and a flag as yes or no. */
  words?: (field: string, value: unknown) => ReactNode;
}

function plainWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === '' ? 'nothing' : String(value);
}

/** Shows what somebody else changed while a form was open, and asks which to go on with. */
export function ConflictNotice({ conflict, labels, words }: ConflictNoticeProps) {
  const wordsOf = (field: string, value: unknown) => words?.(field, value) ?? plainWords(value);
  return (
    <Notice tone="warning" urgent>
      <p>Somebody else changed this while you were editing it. Nothing of yours is saved yet.</p>
      <table className={classes['conflict']} aria-label="What was changed meanwhile">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Now</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {conflict.changes.map(({ field, theirs, mine }) => (
            <tr key={field}>
              <th scope="row">{labels[field] ?? field}</th>
              <td>{wordsOf(field, theirs)}</td>
              <td>{mine === undefined ? 'not changed' : wordsOf(field, mine)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        Keeping yours takes what you did not change as it is now. You can look at it before you
        save.
      </p>
      <div className={classes['choice']}>
        <ActionButton size="xs" onClick={conflict.keepMine}>
          Keep mine
        </ActionButton>
        <ActionButton size="xs" onClick={conflict.takeTheirs}>
          Take theirs
        </ActionButton>
      </div>
    </Notice>
  );
}
