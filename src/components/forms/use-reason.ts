import { useState } from 'react';
import type { ChangeEvent } from 'react';
import { reason as reasonSchema } from '#contract/fields.ts';

/** A reason that may be given: for the field, and what is sent of it. */
export function useReason() {
  const [text, setText] = useState('');
  const reason = text.trim();
  const problem = reasonSchema.safeParse(reason).error?.issues[0]?.message;
  return {
    /** What is wrong with it. */
    problem,
    isDirty: text !== '',
    /** As a body has it: left out where nothing was typed. */
    part: reason === '' ? {} : { reason },
    props: {
      label: 'Reason (optional)',
      autosize: true,
      value: text,
      error: problem,
      onChange: (event: ChangeEvent<HTMLTextAreaElement>) => setText(event.target.value),
    },
  };
}
