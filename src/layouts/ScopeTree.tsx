/* eslint-disable jsx-a11y/prefer-tag-over-role -- the combobox with a tree has no tags of its own */
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { memo, useId, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import type { Place } from '#contract/images/places.ts';
import { scopeRank } from '#contract/scope.ts';

import { scopeListQuery } from '../api/scopes.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { ScopeBadge } from '../components/ScopeBadge.tsx';
import { paths, scopePath, sectionOfPath } from '../util/paths.ts';
import type { PathScope, Section } from '../util/paths.ts';
import { scopeOfPlace } from '../util/places.ts';

import classes from './ScopeSwitcher.module.css';

/** More than anybody reads: the rest is found by typing. The server lists 500 at most. */
const shownLimit = 150;
const debounceMs = 120;

interface ScopeItem {
  place: Place;
  scope: PathScope;
  to: string;
  /** An environment whose account is not in the list needs its account's name beside its own. */
  isApart: boolean;
}

function itemsOf(places: readonly Place[], section: Section): ScopeItem[] {
  const accounts = new Set(places.filter((p) => p.scope === 'account').map((p) => p.accountId));
  return places.slice(0, shownLimit).map((place) => {
    const scope = scopeOfPlace(place);
    const isApart = place.scope === 'environment' && !accounts.has(place.accountId);
    return { place, scope, to: paths.section(scope, section), isApart };
  });
}

/** Where the arrows lead: by one, or to either end. */
function nextIndex(key: string, index: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'ArrowDown') return Math.min(index + 1, count - 1);
  if (key === 'ArrowUp') return Math.max(index - 1, 0);
  if (key === 'PageDown') return Math.min(index + 10, count - 1);
  if (key === 'PageUp') return Math.max(index - 10, 0);
  return undefined;
}

interface ScopeTreeProps {
  current: PathScope;
  onChoose: () => void;
}

/** The scopes whose names fit, and which of them is where one is. */
function useFound(current: PathScope, text: string) {
  const section = sectionOfPath(useLocation().pathname);
  const [query] = useDebouncedValue(text.trim(), debounceMs);
  const { data, error, isPending, isPlaceholderData } = useQuery(scopeListQuery(query));
  const items = useMemo(() => itemsOf(data?.data ?? [], section), [data, section]);
  const here = items.findIndex((item) => scopePath(item.scope) === scopePath(current));
  return {
    items,
    here,
    /** What the arrows start from. */
    start: Math.max(query === '' ? here : items.findIndex((item) => fits(item, query)), 0),
    /** They fit what is typed now, and not what was typed before. */
    isCurrent: text.trim() === query && !isPlaceholderData,
    error,
    hint: hint(data?.data.length ?? 0, isPending, query),
  };
}

/** Which of what was found the arrows have reached; Enter goes there. */
function useReached(found: ReturnType<typeof useFound>, onChoose: () => void) {
  const { items, start, isCurrent } = found;
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<number>();
  const active = Math.min(chosen ?? start, items.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextIndex(event.key, active, items.length);
    if (next !== undefined) {
      event.preventDefault();
      setChosen(next);
    }
    const item = items[active];
    if (event.key !== 'Enter' || item === undefined || !isCurrent) return;
    onChoose();
    void navigate(item.to);
  };
  return { active, onKeyDown, restart: () => setChosen(undefined) };
}

/** Every scope that the user may open, found by typing; the arrows choose, Enter goes there. */
export function ScopeTree({ current, onChoose }: ScopeTreeProps) {
  const id = useId();
  const [text, setText] = useState('');
  const found = useFound(current, text);
  const { active, onKeyDown, restart } = useReached(found, onChoose);
  return (
    <>
      <TextInput
        role="combobox"
        aria-label="Find an account or environment"
        aria-expanded
        aria-haspopup="tree"
        aria-controls={id}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        placeholder="Find an account or environment"
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
      <div id={id} role="tree" aria-label="Scopes" className={classes['tree']}>
        {found.items.map((item, index) => (
          <ScopeTreeItem
            key={item.to}
            id={`${id}-${index}`}
            item={item}
            isActive={index === active}
            isCurrent={index === found.here}
            onChoose={onChoose}
          />
        ))}
      </div>
      {found.error !== null && <ErrorNotice error={found.error} />}
      <output className={classes['hint']}>{found.hint}</output>
    </>
  );
}

function hint(count: number, isPending: boolean, query: string): string {
  if (isPending) return 'Loading…';
  if (count === 0) return `Nothing that you may see is called “${query}”.`;
  return count > shownLimit ? `The first ${shownLimit}: type to find the others.` : '';
}

interface ScopeTreeItemProps {
  id: string;
  item: ScopeItem;
  isActive: boolean;
  isCurrent: boolean;
  onChoose: () => void;
}

function nameOf({ place, isApart }: ScopeItem): string | undefined {
  if (place.scope === 'scalr') return undefined;
  if (place.scope === 'account') return place.accountName ?? undefined;
  const name = place.envName ?? '';
  return isApart && place.accountName !== null ? `${name} (${place.accountName})` : name;
}

/** A parent stands above what was found, without being called so itself. */
function fits(item: ScopeItem, query: string): boolean {
  return (nameOf(item) ?? 'Corporate').toLowerCase().includes(query.toLowerCase());
}

/** Does not render again while one types in the field above. */
const ScopeTreeItem = memo(function ScopeTreeItem(props: ScopeTreeItemProps) {
  const { id, item, isActive, isCurrent, onChoose } = props;
  const { scope } = item.place;
  return (
    // A link, so that it opens in a new tab as well; the field above keeps the focus.
    <Link
      id={id}
      role="treeitem"
      tabIndex={-1}
      aria-level={scopeRank[scope] + 1}
      aria-selected={isActive}
      aria-current={isCurrent ? 'true' : undefined}
      className={classes['link']}
      style={{ paddingInlineStart: `${0.5 + scopeRank[scope]}rem` }}
      to={item.to}
      onClick={onChoose}
      ref={(element) => {
        if (isActive) element?.scrollIntoView({ block: 'nearest' });
      }}
    >
      <ScopeBadge scope={scope} name={nameOf(item)} />
    </Link>
  );
});
