import { Button, TextInput } from '@mantine/core';
import { useId, useState } from 'react';

import { Notice } from '../Notice.tsx';

import classes from './ThenNotice.module.css';
import { fromLocalInput, toLocalInput } from './moments.ts';

interface ThenNoticeProps {
  /** What is shown: `images`. */
  what: string;
  /** The moment that is asked about, ISO 8601. */
  moment: string;
  onChange: (moment: string) => void;
  /** Back to the present. */
  onBack: () => void;
}

/** Says that a page shows what was and not what is, as of when, and leads back. */
export function ThenNotice({ what, moment, onChange, onBack }: ThenNoticeProps) {
  const id = useId();
  // The address follows a moment later than the field.
  const [text, setText] = useState(toLocalInput(moment));
  return (
    <Notice tone="warning">
      <div className={classes['then']}>
        <label htmlFor={id}>As of</label>
        <TextInput
          id={id}
          type="datetime-local"
          size="xs"
          step={1}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            const chosen = fromLocalInput(event.currentTarget.value);
            if (chosen !== undefined) onChange(chosen);
          }}
        />
        <span>
          These are the {what} that were here then, as they were. Nothing can be changed in the
          past.
        </span>
        <Button size="xs" variant="default" onClick={onBack}>
          Back to now
        </Button>
      </div>
    </Notice>
  );
}
