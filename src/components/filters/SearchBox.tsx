import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';

import { useTyped } from '../lists/use-search.ts';
import type { Typed } from '../lists/use-search.ts';

interface SearchBoxProps {
  label: string;
  placeholder: string;
  typed: Typed;
}

/** The search of a page; `/` goes to it. */
export function SearchBox({ label, placeholder, typed }: SearchBoxProps) {
  const text = useTyped(typed);
  const onType = typed.write;
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      data-page-search
      value={text}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === '' ? undefined : (
          <CloseButton size="sm" aria-label="Clear search" onClick={() => onType('')} />
        )
      }
      onChange={(event) => onType(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && text !== '') {
          event.preventDefault();
          onType('');
        }
      }}
    />
  );
}
