/* eslint-disable jsx-a11y/prefer-tag-over-role -- the combobox pattern has no tags of its own */
import { TextInput } from '@mantine/core';
import { IconCheck, IconSearch } from '@tabler/icons-react';
import { useId, useState } from 'react';

import { useReached } from '../../hooks/use-reached.ts';

import type { Choice } from './choice.ts';
import { foundWords } from './option-source.ts';
import type { OptionSource } from './option-source.ts';
import classes from './OptionList.module.css';

interface OptionListProps {
  /** What is chosen: `owner`. */
  label: string;
  source: OptionSource;
  /** Is on; undefined for none. */
  chosen: Choice | undefined;
  onChoose: (value: string) => void;
}

const none: Choice = { value: '', label: 'Any' };

/** What stands to choose from: nothing typed, and what is on comes first, with the way to take it off. */
function itemsOf(text: string, chosen: Choice | undefined, found: readonly Choice[]) {
  if (text.trim() !== '') return found;
  const others = found.filter(({ value }) => value !== chosen?.value);
  return chosen === undefined ? [none, ...others] : [none, chosen, ...others];
}

/** A field that narrows the options below it as one types; arrows go through them, Enter takes one. */
export function OptionList({ label, source, chosen, onChoose }: OptionListProps) {
  const [text, setText] = useState('');
  const listId = useId();
  const found = source.useOptions({ query: text });
  const items = itemsOf(text, chosen, found.options);
  const start = text.trim() === '' && chosen !== undefined ? 1 : 0;
  const { index, onKeyDown, restart } = useReached(items, ({ value }) => onChoose(value), start);
  return (
    <>
      <TextInput
        role="combobox"
        aria-label={`Find ${label}`}
        aria-expanded
        aria-autocomplete="list"
        aria-controls={listId}
        aria-activedescendant={items.length > 0 ? `${listId}-${index}` : undefined}
        placeholder={`Find ${label}`}
        leftSection={<IconSearch size={16} aria-hidden />}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        data-autofocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          restart();
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label={label} className={classes['list']}>
        {items.map((option, position) => (
          <Option
            key={option.value}
            id={`${listId}-${position}`}
            option={option}
            isChosen={option.value === (chosen?.value ?? '')}
            isReached={position === index}
            onChoose={() => onChoose(option.value)}
          />
        ))}
      </div>
      <output className={classes['count']}>{foundWords(found)}</output>
    </>
  );
}

interface OptionProps {
  id: string;
  option: Choice;
  isChosen: boolean;
  isReached: boolean;
  onChoose: () => void;
}

function Option({ id, option, isChosen, isReached, onChoose }: OptionProps) {
  return (
    // The field above keeps the focus and handles the keys, as the combobox pattern has it.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      data-reached={isReached || undefined}
      className={classes['option']}
      ref={(element) => {
        if (isReached) element?.scrollIntoView({ block: 'nearest' });
      }}
      onClick={onChoose}
    >
      <IconCheck size={14} aria-hidden className={classes['check']} />
      <span className={classes['label']}>{option.label}</span>
      {option.detail !== undefined && <span className={classes['detail']}>{option.detail}</span>}
    </div>
  );
}
