import { Checkbox, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Role } from '#contract/roles/roles.ts';

import type { ImageListInput } from '../../api/images.ts';
import { useAddRoleImage } from '../../api/role-images.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { ImageSelect } from '../../components/ImageSelect.tsx';
import { locationWords } from '../../components/flows/flow-names.ts';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { placeKey, placeOfKey, uniquePlaces } from './places.ts';
import type { Place } from './places.ts';

interface AddRoleImageProps {
  at: PathScope;
  role: Role;
  missing: readonly Place[];
  /** The key of the place that was asked for. */
  on: string | undefined;
  onClose: () => void;
}

/** Which images to offer: those that may enter the role, or all of a place to learn why not. */
function filterOf(role: Role, place: Place | undefined, isOnlyFitting: boolean) {
  return {
    ...place,
    ...(isOnlyFitting ? { os: role.os.id, status: 'active', deprecated: false } : {}),
  } as ImageListInput;
}

/** Gives a role an image in a location where it has none. */
export function AddRoleImage({ at, role, missing, on, onClose }: AddRoleImageProps) {
  const addition = useAddRoleImage(at);
  const [key, setKey] = useState(on ?? '');
  const [imageId, setImageId] = useState<string>();
  const [isOnlyFitting, setIsOnlyFitting] = useState(true);
  const [isAsked, setIsAsked] = useState(false);
  const place = placeOfKey(key);
  const facts = addition.error === null ? undefined : errorFacts(addition.error);
  const isOnField = facts?.field?.startsWith('image') === true && facts.blockers.length === 0;
  const places = uniquePlaces([...missing, ...(place === undefined ? [] : [place])]);
  const choose = (id: string | undefined) => {
    setImageId(id);
    addition.reset();
  };
  const change =
    imageId === undefined
      ? undefined
      : addition.change({
          params: { roleId: String(role.id) },
          body: { image: { id: imageId } },
          ifMatch: role.version,
        });
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
      error={isOnField ? null : addition.error}
      renderBlocker={blockerLink(at)}
      pending={addition.isPending}
      disabledReason={reasonAgainst(role.actions?.addImage)}
    >
      <NativeSelect
        label="Location"
        description="Where the role has no image yet."
        data={[
          { value: '', label: 'Any location' },
          ...places.map((one) => ({ value: placeKey(one), label: locationWords(one) })),
        ]}
        value={key}
        onChange={(event) => {
          setKey(event.currentTarget.value);
          choose(undefined);
        }}
      />
      <ImageSelect
        key={`${key} ${isOnlyFitting}`}
        at={at}
        label="Image"
        description={
          isOnlyFitting
            ? `Active images with ${role.osName}, newest first.`
            : 'All images, newest first. One that does not fit is refused with the reason.'
        }
        filter={filterOf(role, place, isOnlyFitting)}
        value={imageId}
        onChange={choose}
        error={
          isOnField
            ? facts.message
            : isAsked && imageId === undefined
              ? 'Choose an image'
              : undefined
        }
      />
      <Checkbox
        label="Offer images that do not fit as well"
        checked={!isOnlyFitting}
        onChange={(event) => {
          setIsOnlyFitting(!event.currentTarget.checked);
          choose(undefined);
        }}
      />
    </FormDialog>
  );
}
