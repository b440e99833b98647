import {
  IconAlertTriangle,
  IconArchive,
  IconCircleCheck,
  IconCopy,
  IconHistory,
  IconTrash,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

import classes from './StatusBadge.module.css';
import { tip } from './tip.ts';

/** `old` is a server on a superseded image, or the farm that it runs in. */
export type ObjectState = 'active' | 'deprecated' | 'copying' | 'deleting' | 'failed' | 'old';

const looks: Record<ObjectState, { word: string; icon: ComponentType<{ size: number }> }> = {
  active: { word: 'Active', icon: IconCircleCheck },
  deprecated: { word: 'Deprecated', icon: IconArchive },
  copying: { word: 'Copying', icon: IconCopy },
  deleting: { word: 'Deleting', icon: IconTrash },
  failed: { word: 'Failed', icon: IconAlertTriangle },
  old: { word: 'on an old image', icon: IconHistory },
};

interface StatusBadgeProps {
  state: ObjectState;
  /** Why, e.g. the error of a failed image; shown as a tooltip. */
  detail?: string | undefined;
  /** Replaces the word where it needs an amount: `7 of 9 on an old image`. */
  word?: string;
}

/** The one state that matters most, as an icon and a word. */
export function StatusBadge({ state, detail, word }: StatusBadgeProps) {
  const { word: usual, icon: Icon } = looks[state];
  return (
    <span
      className={`${classes['badge']} ${classes[state]}`}
      {...tip(detail)}
      {...(detail === undefined
        ? {}
        : { tabIndex: 0, role: 'note', 'aria-label': `${word ?? usual}: ${detail}` })}
    >
      <Icon size={16} aria-hidden />
      <span className={classes['word']}>{word ?? usual}</span>
    </span>
  );
}
