/* eslint-disable jsx-a11y/prefer-tag-over-role -- the combobox pattern has no tags of its own */
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { ImageCandidate } from '#contract/images/image-candidates.ts';
import type { Image } from '#contract/images/images.ts';

import { imageCandidatePages } from '../../api/image-candidates.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import { ErrorNotice } from '../ErrorNotice.tsx';

import { isChoosable } from './candidate.ts';
import { CandidateList } from './CandidateList.tsx';
import classes from './CandidatePicker.module.css';
import { OtherLine } from './OtherLine.tsx';

const debounceMs = 100;
/** So close to its end, more of the list is fetched. */
const aheadRows = 10;

interface CandidatePickerProps {
  at: PathScope;
  /** The image that is to be replaced. */
  image: Image;
  /** The one role that the new image is wanted for. */
  roleId?: number | undefined;
  label: string;
  onChoose: (candidate: ImageCandidate) => void;
}

function useCandidates({ at, image, roleId }: CandidatePickerProps, query: string) {
  const pages = useInfiniteQuery({
    ...imageCandidatePages(at, image.id, { query, roleId }),
    placeholderData: keepPreviousData,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  return {
    ...pages,
    candidates: pages.data?.pages.flatMap((page) => page.data) ?? [],
    fetchMore: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}

/** Which option the arrows are on. Walking towards the end of the list fetches more of it. */
function useActiveOption(listId: string, count: number, fetchMore: () => void) {
  const [active, setActive] = useState(0);
  const index = Math.min(active, count - 1);
  // By the keys only: pages that come in while somebody scrolls must not pull the list back.
  useEffect(() => {
    document
      .querySelector(`#${CSS.escape(`${listId}-${active}`)}`)
      ?.scrollIntoView({ block: 'nearest' });
  }, [active, listId]);
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(index + step, 0), count - 1);
    setActive(next);
    if (next > count - aheadRows) fetchMore();
  };
  return { index, walk, backToFirst: () => setActive(0) };
}

/**
 * Chooses the image that takes the place of another: type to search, arrows to walk, Enter to choose.
 * Those that fit come first, of the same line before others; those that do not say why not. More come from the server while one scrolls.
 */
export function CandidatePicker(props: CandidatePickerProps) {
  const { image, label, onChoose } = props;
  const inOneRole = props.roleId !== undefined;
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text.trim(), debounceMs);
  const listId = useId();
  const list = useCandidates(props, query);
  const { candidates } = list;
  const { index, walk, backToFirst } = useActiveOption(listId, candidates.length, list.fetchMore);
  const [doubted, setDoubted] = useState<ImageCandidate>();
  const choose = useCallback(
    (candidate: ImageCandidate | undefined) => {
      if (candidate === undefined || !isChoosable(candidate, { inOneRole })) return;
      if (candidate.sameLine) onChoose(candidate);
      else setDoubted(candidate);
    },
    [inOneRole, onChoose],
  );
  if (doubted !== undefined) {
    const onBack = () => setDoubted(undefined);
    return <OtherLine old={image} candidate={doubted} onTake={onChoose} onBack={onBack} />;
  }
  const onKeyDown = (event: KeyboardEvent) => {
    walk(event);
    if (event.key !== 'Enter') return;
    event.preventDefault();
    // Never one of the search before, whose answer is about to be replaced.
    if (text.trim() === query && !list.isPlaceholderData) choose(candidates[index]);
  };
  const onType = (next: string) => {
    setText(next);
    backToFirst();
  };
  return (
    <div>
      <SearchField {...{ label, listId, index, text, onType, onKeyDown }} />
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      <CandidateList
        {...{ id: listId, candidates, old: image, inOneRole, index }}
        onChoose={choose}
        onEnd={list.fetchMore}
      />
      <output className={classes['hint']}>{hint(list, query)}</output>
    </div>
  );
}

interface SearchFieldProps {
  label: string;
  listId: string;
  /** Of the option that the arrows are on; -1 for none. */
  index: number;
  text: string;
  onType: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function SearchField({ label, listId, index, text, onType, onKeyDown }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <TextInput
      ref={field}
      role="combobox"
      label={label}
      aria-expanded
      aria-controls={listId}
      aria-activedescendant={index >= 0 ? `${listId}-${index}` : undefined}
      aria-autocomplete="list"
      placeholder="Name or cloud image ID"
      leftSection={<IconSearch size={16} aria-hidden />}
      data-autofocus
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      value={text}
      onChange={(event) => onType(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}

function hint(list: ReturnType<typeof useCandidates>, query: string): string {
  const { candidates } = list;
  if (list.isPending || list.isPlaceholderData) return 'Searching…';
  if (list.error !== null) return '';
  if (candidates.length === 0) {
    return query === ''
      ? 'No other image is registered in this location. Register the new one first.'
      : 'No image that can be seen here has this in its name or cloud image ID.';
  }
  const fitting = candidates.filter((candidate) => candidate.valid).length;
  const more = list.hasNextPage ? ' so far; more while you scroll' : '';
  return `${formatQuantity(fitting, 'image fits', { plural: 'images fit' })} of ${candidates.length} shown${more}.`;
}
