import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { scopeLabel } from '#contract/scope.ts';

import { roleListQuery, roleQuery } from '../../api/roles.ts';
import type { PathScope } from '../../util/paths.ts';

const debounceMs = 150;
const shown = 20;

interface RoleSelectProps {
  at: PathScope;
  label: string;
  description?: string;
  /** A role that is not offered. */
  exclude: number;
  /** The id of the chosen role. */
  value: number | undefined;
  onChange: (roleId: number | undefined) => void;
  error?: string | undefined;
}

/** Chooses an active role of those that a scope sees, newest first, by name. */
export function RoleSelect(props: RoleSelectProps) {
  const { at, exclude, value } = props;
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text, debounceMs);
  const chosen = useQuery({ ...roleQuery(at, value ?? 0), enabled: value !== undefined }).data;
  const list = useQuery(
    roleListQuery(at, {
      deprecated: false,
      query: query === chosen?.name ? '' : query,
      sort: '-added',
      maxResults: shown,
    }),
  );
  const found = (list.data?.data ?? []).filter((role) => role.id !== exclude);
  const roles =
    chosen === undefined || found.some((role) => role.id === chosen.id)
      ? found
      : [chosen, ...found];
  const byId = new Map(roles.map((role) => [String(role.id), role]));
  return (
    <Select
      label={props.label}
      description={props.description}
      error={props.error}
      placeholder="Name of a role"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Choose none' }}
      maxDropdownHeight={280}
      data={roles.map((role) => ({ value: String(role.id), label: role.name }))}
      // The server has searched already.
      filter={({ options }) => options}
      value={value === undefined ? null : String(value)}
      onChange={(id) => props.onChange(id === null ? undefined : Number(id))}
      searchValue={text}
      onSearchChange={setText}
      nothingFoundMessage={list.isFetching ? 'Searching…' : 'No role fits'}
      renderOption={({ option }) => {
        const role = byId.get(option.value);
        return (
          <span>
            {option.label}{' '}
            {role !== undefined && (
              <span className="dim small">
                {role.osName} · {scopeLabel[role.scope]}
              </span>
            )}
          </span>
        );
      }}
    />
  );
}
