import { VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

import { copyText } from '../util/clipboard.ts';

import classes from './CopyableId.module.css';
import { tip } from './tip.ts';

interface CopyableIdProps {
  id: string;
  /** What it is, for the accessible name: `cloud image ID`. */
  what?: string;
  /** Longest text before the middle is left out. */
  length?: number;
}

/** The end of an id tells it from others of the same day. */
const tailLength = 6;

/** An id in monospace, shortened in the middle; a click copies all of it. What has none says so. */
export function CopyableId({ id, what = 'ID', length = 16 }: CopyableIdProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = window.setTimeout(() => setCopied(false), 1500);
    return () => window.clearTimeout(timer);
  }, [copied]);
  if (id === '') return <span className="dim">none</span>;
  return (
    <>
      <button
        type="button"
        className={classes['id']}
        onClick={() => {
          void copyText(id).then(() => setCopied(true));
        }}
        {...tip(copied ? 'Copied' : `${id}\nClick to copy`)}
      >
        <VisuallyHidden>{`Copy ${what} `}</VisuallyHidden>
        {/* All of it is there, and cut by the style: what is seen is part of the name. */}
        <span className={classes['head']} style={{ maxWidth: `${length - tailLength}ch` }}>
          {id.slice(0, -tailLength)}
        </span>
        <span>{id.slice(-tailLength)}</span>
        {copied && <IconCheck className={classes['copied']} size={14} aria-hidden />}
      </button>
      <VisuallyHidden component="output">{copied ? 'Copied' : ''}</VisuallyHidden>
    </>
  );
}
