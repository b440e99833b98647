/* eslint-disable jsx-a11y/prefer-tag-over-role -- the combobox pattern has no tags of its own */
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';

import { useReached } from '../../hooks/use-reached.ts';

import classes from './CommandPalette.module.css';
import { Dialog } from '../dialogs/Dialog.tsx';
import { Keys } from './Keys.tsx';

/** Something to do or an object to go to. */
export interface PaletteItem {
  id: string;
  label: string;
  /** At the right: the kind of the object, its scope. */
  detail?: ReactNode;
  /** Its own shortcut. */
  keys?: string;
  to?: string;
  onSelect?: () => void;
}

interface CommandPaletteProps {
  onClose: () => void;
  /** Where it searches, for when nothing is found: `Acme / Production`. */
  where: string;
  commands: readonly PaletteItem[];
  /** A hook that looks the text up on the server; called with '' before anything is typed. */
  useResults: (text: string) => { results: readonly PaletteItem[]; isSearching: boolean };
}

/** Whoever types a whole name wants that object, whatever else has the text in it. */
function inOrder(
  words: string,
  commands: readonly PaletteItem[],
  results: readonly PaletteItem[],
): PaletteItem[] {
  const isExact = ({ label }: PaletteItem) => label.toLowerCase() === words;
  return [
    ...results.filter(isExact),
    ...commands.filter(({ label }) => label.toLowerCase().includes(words)),
    ...results.filter((item) => !isExact(item)),
  ];
}

/** Search and commands: type, choose with the arrows, Enter. */
export function CommandPalette(props: CommandPaletteProps) {
  const { onClose, where, commands, useResults } = props;
  const [text, setText] = useState('');
  const listId = useId();
  const navigate = useNavigate();
  const { results, isSearching } = useResults(text.trim());
  const items = inOrder(text.trim().toLowerCase(), commands, results);
  const choose = (item: PaletteItem) => {
    onClose();
    if (item.to !== undefined) void navigate(item.to);
    item.onSelect?.();
  };
  const { index, onKeyDown, restart } = useReached(items, choose);
  return (
    <Dialog title="Search and commands" onClose={onClose} size="md">
      <TextInput
        role="combobox"
        aria-label="Search images, roles and farms, servers and owners, or type a command"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={items.length > 0 ? `${listId}-${index}` : undefined}
        placeholder="Name, cloud ID, mail address, or a command"
        leftSection={<IconSearch size={16} aria-hidden />}
        data-autofocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          restart();
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label="Results" className={classes['list']}>
        {items.map((item, position) => (
          <PaletteOption
            key={item.id}
            id={`${listId}-${position}`}
            item={item}
            isActive={position === index}
            onChoose={() => choose(item)}
          />
        ))}
      </div>
      <output className={classes['hint']}>{hint(items.length, isSearching, where)}</output>
    </Dialog>
  );
}

function hint(count: number, isSearching: boolean, where: string): string {
  if (isSearching) return 'Searching…';
  if (count > 0) return '';
  return `Nothing found in ${where}. Search looks at names, cloud IDs and mail addresses.`;
}

interface PaletteOptionProps {
  id: string;
  item: PaletteItem;
  isActive: boolean;
  onChoose: () => void;
}

function PaletteOption({ id, item, isActive, onChoose }: PaletteOptionProps) {
  return (
    // The field above keeps the focus and handles the keys, as the combobox pattern has it.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={classes['item']}
      ref={(element) => {
        if (isActive) element?.scrollIntoView({ block: 'nearest' });
      }}
      onClick={onChoose}
    >
      <span className={classes['label']}>{item.label}</span>
      <span className={classes['detail']}>
        {item.keys === undefined ? item.detail : <Keys keys={item.keys} />}
      </span>
    </div>
  );
}
