import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { ReactNode } from 'react';

const debounceMs = 150;
/** How many are offered; the others are found by typing. */
export const offered = 20;

/** What a field that chooses an object is given. */
export interface ObjectFieldProps<Id> {
  label: string;
  description?: string;
  /** An object that is not offered. */
  exclude?: Id;
  /** The id of the chosen one. */
  value: Id | undefined;
  onChange: (id: Id | undefined) => void;
  error?: string | undefined;
}

/** The text of the field: as typed, and as the server is asked, a moment later. */
export function useSearchText() {
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text, debounceMs);
  return {
    text,
    setText,
    /** What to look for: the field shows the name of what is chosen, which nobody typed. */
    queryBeside: (chosen: { name: string } | undefined) =>
      settled === chosen?.name ? '' : settled,
  };
}

interface ObjectSelectProps<T extends { id: string | number }> extends ObjectFieldProps<T['id']> {
  noun: string;
  placeholder: string;
  search: ReturnType<typeof useSearchText>;
  chosen: T | undefined;
  /** What the server found. */
  found: { data: { data: readonly T[] } | undefined; isFetching: boolean };
  /** What tells objects of one name apart. */
  renderFacts: (object: T) => ReactNode;
}

/** Chooses one object of those that the server finds. */
export function ObjectSelect<T extends { id: string | number; name: string }>(
  props: ObjectSelectProps<T>,
) {
  const { noun, search, chosen, found, value } = props;
  const rows = (found.data?.data ?? []).filter(({ id }) => id !== props.exclude);
  const isAmong = chosen === undefined || rows.some(({ id }) => id === chosen.id);
  const byId = new Map((isAmong ? rows : [chosen, ...rows]).map((row) => [String(row.id), row]));
  return (
    <Select
      label={props.label}
      description={props.description}
      error={props.error}
      placeholder={props.placeholder}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Choose none' }}
      // The list itself scrolls, so that what scrolls is the listbox that the field controls.
      withScrollArea={false}
      styles={{ options: { maxHeight: '17.5rem', overflowY: 'auto' } }}
      data={[...byId].map(([id, { name }]) => ({ value: id, label: name }))}
      // The server has searched already, in more than the name.
      filter={({ options }) => options}
      value={value === undefined ? null : String(value)}
      onChange={(id) => props.onChange(byId.get(id ?? '')?.id)}
      searchValue={search.text}
      onSearchChange={search.setText}
      nothingFoundMessage={found.isFetching ? 'Searching…' : `No ${noun} fits`}
      renderOption={({ option }) => {
        const object = byId.get(option.value);
        return (
          <span>
            {option.label}{' '}
            {object !== undefined && <span className="dim small">{props.renderFacts(object)}</span>}
          </span>
        );
      }}
    />
  );
}
