import { Checkbox, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Role } from '#contract/roles/roles.ts';

import type { ImageListInput } from '../../api/images.ts';
import { useAddRoleImage } from '../../api/role-images.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { imageOptions } from '../../components/options/sources.ts';
import { locationWords } from '../../components/flows/flow-names.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { placeKey, placeOfKey, uniquePlaces } from './places.ts';
import type { Place } from './places.ts';
import type { GapDialogProps } from './role-image-actions.ts';

/** Which images to offer: those that may enter the role, or all of a place to learn why not. */
function filterOf(role: Role, place: Place | undefined, isOnlyFitting: boolean) {
  return {
    ...place,
    ...(isOnlyFitting ? { os: role.os.id, status: 'active', deprecated: false } : {}),
  } as ImageListInput;
}

/** The image that is chosen for a role, and the change that adds it. */
function useAddition(at: PathScope, role: Role) {
  const addition = useAddRoleImage(at);
  const [imageId, setImageId] = useState<string>();
  const facts = addition.error === null ? undefined : errorFacts(addition.error);
  const isOnField = facts?.field?.startsWith('image') === true && facts.blockers.length === 0;
  const change =
    imageId === undefined
      ? undefined
      : addition.change({
          params: { roleId: role.id },
          body: { image: { id: imageId } },
          ifMatch: role.version,
        });
  return {
    addition,
    imageId,
    choose: (id: string | undefined) => {
      setImageId(id);
      addition.reset();
    },
    change,
    /** What the server says about the image, and about anything else. */
    imageError: isOnField ? facts.message : undefined,
    otherError: isOnField ? null : addition.error,
  };
}

/** Gives a role an image in a location where it has none. */
export function AddRoleImage({ at, role, missing, on, onClose }: GapDialogProps) {
  const { addition, imageId, choose, change, imageError, otherError } = useAddition(at, role);
  const [key, setKey] = useState(on ?? '');
  const [isAsked, setIsAsked] = useState(false);
  const place = placeOfKey(key);
  const submit = () => {
    setIsAsked(true);
    if (change === undefined) return;
    addition.mutate(change, {
      onSuccess: () => {
        announce(
          `${role.name} has an image in ${place === undefined ? 'one more location' : locationWords(place)} now.`,
        );
        onClose();
      },
    });
  };
  return (
    <FormDialog
      title={`Add image to ${role.name}`}
      submitLabel="Add image"
      changes={change && [change]}
      onSubmit={submit}
      onClose={onClose}
      error={otherError}
      renderBlocker={blockerLink(at)}
      pending={addition.isPending}
      unsaved={isUnsaved(imageId !== undefined, addition)}
      disabledReason={reasonAgainst(role.actions?.addImage)}
    >
      <PlaceField
        places={uniquePlaces([...missing, ...(place === undefined ? [] : [place])])}
        value={key}
        onChange={(next) => {
          setKey(next);
          choose(undefined);
        }}
      />
      <ImageField
        {...{ at, role, place }}
        value={imageId}
        onChange={choose}
        error={imageError ?? (isAsked && imageId === undefined ? 'Choose an image' : undefined)}
      />
    </FormDialog>
  );
}

interface PlaceFieldProps {
  places: readonly Place[];
  value: string;
  onChange: (key: string) => void;
}

function PlaceField({ places, value, onChange }: PlaceFieldProps) {
  return (
    <NativeSelect
      label="Location"
      description="Where the role has no image yet."
      data={[
        { value: '', label: 'Any location' },
        ...places.map((place) => ({ value: placeKey(place), label: locationWords(place) })),
      ]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface ImageFieldProps {
  at: PathScope;
  role: Role;
  place: Place | undefined;
  value: string | undefined;
  onChange: (imageId: string | undefined) => void;
  error: string | undefined;
}

function ImageField({ at, role, place, onChange, ...field }: ImageFieldProps) {
  const [isOnlyFitting, setIsOnlyFitting] = useState(true);
  return (
    <>
      <ObjectSelect
        key={`${place === undefined ? '' : placeKey(place)} ${isOnlyFitting}`}
        noun="image"
        placeholder="Name or cloud image ID"
        label="Image"
        description={
          isOnlyFitting
            ? `Active images with ${role.osName}, newest first.`
            : 'All images, newest first. One that does not fit is refused with the reason.'
        }
        source={imageOptions(at, filterOf(role, place, isOnlyFitting))}
        onChange={onChange}
        {...field}
      />
      <Checkbox
        label="Offer images that do not fit as well"
        checked={!isOnlyFitting}
        onChange={(event) => {
          setIsOnlyFitting(!event.currentTarget.checked);
          onChange(undefined);
        }}
      />
    </>
  );
}
