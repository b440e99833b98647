import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';

interface SearchBoxProps {
  label: string;
  placeholder: string;
  /** What is typed (components/lists/use-search.ts). */
  text: string;
  onType: (text: string) => void;
}

/** The search of a page; `/` goes to it. */
export function SearchBox({ label, placeholder, text, onType }: SearchBoxProps) {
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
