import { useState } from 'react';
import type { ChangeEvent } from 'react';

import { errorFacts } from '../util/errors.ts';

interface NameField {
  /** For the field. Holds what is wrong with the name: nothing typed, or the server's answer. */
  props: {
    value: string;
    maxLength: number;
    autoComplete: 'off';
    error: string | undefined;
    onChange: (event: ChangeEvent<HTMLInputElement>) => void;
  };
  /** The name that is handed over; empty while there is none. */
  value: string;
  isDirty: boolean;
  /** What the server said about anything else. */
  otherError: Error | null;
  /** Hands the name over, without spaces around it, once there is one. */
  submit: (send: (name: string) => void) => void;
}

/** The one field that a new account, environment or key has. */
export function useNameField(error: Error | null): NameField {
  const [name, setName] = useState('');
  const [isMissing, setMissing] = useState(false);
  const isOnField = error !== null && errorFacts(error).field === 'name';
  const serverProblem = isOnField ? error.message : undefined;
  return {
    props: {
      value: name,
      maxLength: 100,
      autoComplete: 'off',
      error: isMissing ? 'Type a name first.' : serverProblem,
      onChange: (event) => {
        setName(event.target.value);
        setMissing(false);
      },
    },
    value: name.trim(),
    isDirty: name !== '',
    otherError: isOnField ? null : error,
    submit: (send) => {
      const trimmed = name.trim();
      setMissing(trimmed === '');
      if (trimmed !== '') send(trimmed);
    },
  };
}
