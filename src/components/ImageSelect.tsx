import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { scopeLabel } from '#contract/scope.ts';

import { imageListQuery, imageQuery } from '../api/images.ts';
import type { ImageListInput } from '../api/images.ts';
import type { PathScope } from '../util/paths.ts';

import { locationWords } from './flows/flow-names.ts';

const debounceMs = 150;
const shown = 20;

interface ImageSelectProps {
  at: PathScope;
  label: string;
  description?: string;
  /** Which images to offer. */
  filter: ImageListInput;
  /** An image that is not offered. */
  exclude?: string;
  /** The id of the chosen image. */
  value: string | undefined;
  onChange: (imageId: string | undefined) => void;
  error?: string | undefined;
}

/** Chooses an image of those that a scope sees, newest first, by name or cloud image id. */
export function ImageSelect(props: ImageSelectProps) {
  const { at, filter, exclude, value } = props;
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text, debounceMs);
  const chosen = useQuery({ ...imageQuery(at, value ?? ''), enabled: value !== undefined }).data;
  const search = query === chosen?.name ? '' : query;
  const list = useQuery(
    imageListQuery(at, { ...filter, query: search, sort: '-added', maxResults: shown }),
  );
  const found = (list.data?.data ?? []).filter((image) => image.id !== exclude);
  const images =
    chosen === undefined || found.some((image) => image.id === chosen.id)
      ? found
      : [chosen, ...found];
  const byId = new Map(images.map((image) => [image.id, image]));
  return (
    <Select
      label={props.label}
      description={props.description}
      error={props.error}
      placeholder="Name or cloud image ID"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Choose none' }}
      // The list itself scrolls, so that what scrolls is the listbox that the field controls.
      withScrollArea={false}
      styles={{ options: { maxHeight: '17.5rem', overflowY: 'auto' } }}
      data={images.map((image) => ({ value: image.id, label: image.name }))}
      // The server has searched already, in more than the name.
      filter={({ options }) => options}
      value={value ?? null}
      onChange={(id) => props.onChange(id ?? undefined)}
      searchValue={text}
      onSearchChange={setText}
      nothingFoundMessage={list.isFetching ? 'Searching…' : 'No image fits'}
      renderOption={({ option }) => {
        const image = byId.get(option.value);
        return (
          <span>
            {option.label}{' '}
            {image !== undefined && (
              <span className="dim small">
                {filter.cloudPlatform === undefined && `${locationWords(image)} · `}
                {image.architecture} · {scopeLabel[image.scope]} · {image.cloudImageId}
              </span>
            )}
          </span>
        );
      }}
    />
  );
}
