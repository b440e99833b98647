import { IconHelpCircle } from '@tabler/icons-react';
import { Suspense } from 'react';

import { useMenu } from '../../hooks/use-menu.ts';
import { lazyPart } from '../../util/lazy-part.ts';

import type { Word } from './word-help.ts';
import classes from './WordHelp.module.css';

const WordHelpPanel = lazyPart(async () => (await import('./WordHelpPanel.tsx')).WordHelpPanel);

/** A question mark beside a word: what it means here, and where that is told in full. */
export function WordHelp({ word }: { word: Word }) {
  const { target, panel } = useMenu(WordHelpPanel.fetchAhead, 'dialog');
  return (
    <>
      <button
        type="button"
        className={classes['button']}
        aria-label={`What “${word}” means`}
        {...target}
      >
        <IconHelpCircle size={14} aria-hidden />
      </button>
      {panel !== undefined && (
        <Suspense>
          <WordHelpPanel panel={panel} word={word} />
        </Suspense>
      )}
    </>
  );
}
