import {
  IconArrowBackUp,
  IconBan,
  IconCircleCheck,
  IconClipboardList,
  IconClockOff,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type {
  Replacement,
  ReplacementState as State,
} from '#contract/replacements/replacements.ts';

import { stateWord } from '../flows/replaced-words.ts';
import classes from './ReplacementState.module.css';

const icons: Record<State, ComponentType<{ size: number }>> = {
  planned: IconClipboardList,
  applied: IconCircleCheck,
  rolledBack: IconArrowBackUp,
  cancelled: IconBan,
  expired: IconClockOff,
};

/** The state of a replacement as an icon and a word. */
export function ReplacementState({
  replacement: { state, rollBacks },
}: {
  replacement: Pick<Replacement, 'state' | 'rollBacks'>;
}) {
  const isPartlyBack = state === 'applied' && rollBacks.length > 0;
  const Icon = isPartlyBack ? icons.rolledBack : icons[state];
  return (
    <span className={`${classes['badge']} ${classes[state]}`}>
      <Icon size={16} aria-hidden />
      {isPartlyBack ? 'Partly rolled back' : stateWord[state]}
    </span>
  );
}
