import { Popover } from '@mantine/core';

import { useOpenAfterMount } from '../../hooks/use-menu.ts';
import type { MenuPanelState } from '../../hooks/use-menu.ts';
import { basePath } from '../../util/base-path.ts';
import { sectionAnchor } from '../../util/section-anchor.ts';

import { Anchor } from '../Anchor.tsx';
import { wordHelp } from './word-help.ts';
import type { Word } from './word-help.ts';
import classes from './WordHelp.module.css';

interface WordHelpPanelProps {
  panel: MenuPanelState;
  word: Word;
}

/** What a WordHelp opens. */
export function WordHelpPanel({ panel, word }: WordHelpPanelProps) {
  const isOpen = useOpenAfterMount(panel.isOpen);
  const { text, section } = wordHelp[word];
  return (
    <Popover
      id={panel.id}
      opened={isOpen}
      onChange={panel.onChange}
      position="bottom-start"
      width="min(20rem, calc(100vw - 1rem))"
      withArrow
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Anchor element={panel.anchor} />
      </Popover.Target>
      <Popover.Dropdown className={classes['panel'] ?? ''} aria-label={`What “${word}” means`}>
        <p>{text}</p>
        {/* Beside the page, so that what is chosen on it stays. */}
        <a
          href={`${basePath}/help/domain.html#${sectionAnchor(section)}`}
          target="_blank"
          rel="noreferrer"
        >
          All about it: {section} (new tab)
        </a>
      </Popover.Dropdown>
    </Popover>
  );
}
