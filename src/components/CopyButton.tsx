import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';

import { copyText } from '../util/clipboard.ts';

import { ActionButton } from './actions/ActionButton.tsx';

/** Copies a text, and says so. */
export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState<string>();
  const isCopied = copied === text;
  useEffect(() => {
    if (copied === undefined) return undefined;
    const timer = window.setTimeout(() => setCopied(undefined), 1500);
    return () => window.clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <ActionButton
        size="xs"
        onClick={() => {
          void copyText(text).then(() => setCopied(text));
        }}
      >
        {isCopied ? 'Copied' : 'Copy'}
      </ActionButton>
      <VisuallyHidden component="output">{isCopied ? 'Copied' : ''}</VisuallyHidden>
    </>
  );
}
