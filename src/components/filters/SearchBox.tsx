import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

const debounceMs = 80;

interface SearchBoxProps {
  label: string;
  placeholder: string;
  value: string;
  /** Called at most 80 ms after the last key. */
  onChange: (value: string) => void;
}

/**
 * The search of a page; `/` goes to it. What is typed shows at once and reaches the address shortly
 * after; a change of the address from elsewhere (Back, Clear all) wins over the text.
 */
export function SearchBox({ label, placeholder, value, onChange }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // What was typed comes back as the value some time later, when more may have been typed.
  const [sent, setSent] = useState<readonly string[]>([]);
  const timer = useRef<number>(undefined);
  if (known !== value) {
    setKnown(value);
    const echo = sent.indexOf(value);
    setSent(sent.slice(echo + 1));
    if (echo === -1) setText(value);
  }
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const change = (next: string, delayMs: number) => {
    setText(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      const search = next.trim();
      if (search !== value) setSent((before) => [...before, search]);
      onChange(search);
    }, delayMs);
  };
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
          <CloseButton size="sm" aria-label="Clear search" onClick={() => change('', 0)} />
        )
      }
      onChange={(event) => change(event.target.value, debounceMs)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && text !== '') {
          event.preventDefault();
          change('', 0);
        }
      }}
    />
  );
}
