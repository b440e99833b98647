import { TextInput } from '@mantine/core';
import { useState } from 'react';

import { formatQuantity } from '../../util/format.ts';

/** Up to as many servers end on a click. */
const mostAtAClick = 20;

/** For what ends many servers: the number, typed, shows that somebody has read it. */
export function useTypedCount(count: number) {
  const [text, setText] = useState('');
  const isAsked = count > mostAtAClick;
  const isRight = text.trim().replaceAll(',', '') === String(count);
  return {
    /** Why it cannot be confirmed yet. */
    reason: isAsked && !isRight ? `Type ${count} first: so many servers end by this.` : undefined,
    field: isAsked ? (
      <TextInput
        label={`Type ${count} to end ${formatQuantity(count, 'server')}`}
        inputMode="numeric"
        autoComplete="off"
        data-autofocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    ) : null,
  };
}
