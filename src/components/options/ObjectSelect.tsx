import { Select } from '@mantine/core';
import { useState } from 'react';

import { foundWords, useChosenOption } from './option-source.ts';
import type { FoundOptions, OptionSource } from './option-source.ts';
import type { Choice } from './choice.ts';

/** A field of a form that chooses one object of those that the server finds. */
interface ObjectSelectProps {
  label: string;
  description?: string;
  placeholder: string;
  /** In the singular, for when there is none. */
  noun: string;
  source: OptionSource;
  /** An object that is not offered. */
  exclude?: string;
  /** The id of the chosen one. */
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  onBlur?: () => void;
  error?: string | undefined;
  required?: boolean;
  /** Takes the focus when the dialog around it opens. */
  'data-autofocus'?: boolean;
  /** In a form where help stands below. */
  inputWrapperOrder?: ('label' | 'input' | 'description' | 'error')[];
}

/** The chosen one is always there by name; the others narrow as one types, with how many there are. */
export function ObjectSelect(props: ObjectSelectProps) {
  const { noun, source, exclude, value, onChange, ...field } = props;
  const [text, setText] = useState('');
  const chosen = useChosenOption(source, value);
  // The field shows the name of what is chosen, which nobody typed.
  const found = source.useOptions({ query: text === chosen?.label ? '' : text });
  const offered = found.options.filter((option) => option.value !== exclude);
  const isAmong = chosen === undefined || offered.some((option) => option.value === chosen.value);
  const options = isAmong ? offered : [chosen, ...offered];
  const byValue = new Map(options.map((option) => [option.value, option]));
  return (
    <Select
      {...field}
      searchable
      clearable={field.required !== true}
      clearButtonProps={{ 'aria-label': 'Choose none' }}
      // The list itself scrolls, so that what scrolls is the listbox that the field controls.
      withScrollArea={false}
      styles={{ options: { maxHeight: '17.5rem', overflowY: 'auto' } }}
      data={grouped(options, found)}
      // The server has searched already, in more than the name.
      filter={({ options: all }) => all}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      searchValue={text}
      onSearchChange={setText}
      nothingFoundMessage={found.isSearching ? 'Searching…' : `No ${noun} fits`}
      renderOption={({ option }) => (
        <span>
          {option.label} <span className="dim small">{byValue.get(option.value)?.detail}</span>
        </span>
      )}
    />
  );
}

type Item = Pick<Choice, 'value' | 'label'>;

/** Under their headings; without any, under how many there are where not all are shown. */
function grouped(
  options: readonly Choice[],
  found: FoundOptions,
): (Item | { group: string; items: Item[] })[] {
  const usual = found.total > found.options.length ? foundWords(found) : undefined;
  const groups = Map.groupBy(options, ({ group }) => group ?? usual);
  return [...groups].flatMap(([group, choices]): ReturnType<typeof grouped> => {
    // The field takes whatever has a group for a heading.
    const items = choices.map(({ value, label }) => ({ value, label }));
    return group === undefined ? items : [{ group, items }];
  });
}
