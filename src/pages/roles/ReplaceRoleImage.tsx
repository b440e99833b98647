import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImageCandidate } from '#contract/images/images.ts';
import type { Role } from '#contract/roles/roles.ts';

import { imageQuery } from '../../api/images.ts';
import { useReplaceRoleImage } from '../../api/role-images.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { CandidatePicker } from '../../components/flows/CandidatePicker.tsx';
import { ChosenImage } from '../../components/flows/ChosenImage.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { locationWords } from '../../components/flows/flow-names.ts';
import { announce } from '../../util/announce.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import type { RoleCell } from './places.ts';

interface ReplaceRoleImageProps {
  at: PathScope;
  role: Role;
  cell: RoleCell;
  onClose: () => void;
}

/** Puts another image in the place of one, in this role only. */
export function ReplaceRoleImage({ at, role, cell, onClose }: ReplaceRoleImageProps) {
  const replacement = useReplaceRoleImage(at);
  const old = useQuery(imageQuery(at, cell.image.id));
  const [chosen, setChosen] = useState<ImageCandidate>();
  const replacing =
    chosen === undefined
      ? undefined
      : replacement.change({
          params: { roleId: String(role.id), imageId: cell.image.id },
          body: { image: { id: chosen.id } },
          ifMatch: role.version,
        });
  const submit = () => {
    if (chosen === undefined || replacing === undefined) return;
    replacement.mutate(replacing, {
      onSuccess: ({ warnings }) => {
        const done = `Replaced in ${role.name}: new servers in ${locationWords(cell)} start from ${chosen.name}. Running ones stay on ${cell.image.cloudImageId} until relaunched.`;
        announce([done, ...warnings.map(({ message }) => message)].join(' '));
        onClose();
      },
    });
  };
  const change = (candidate: ImageCandidate | undefined) => {
    setChosen(candidate);
    replacement.reset();
  };
  return (
    <FormDialog
      title={`Replace ${cell.image.name} in ${role.name}`}
      submitLabel="Replace in 1 role"
      changes={replacing && [replacing]}
      onSubmit={submit}
      onClose={onClose}
      error={replacement.error}
      renderBlocker={blockerLink(at)}
      pending={replacement.isPending}
      disabledReason={
        reasonAgainst(role.actions?.addImage) ??
        (chosen === undefined ? 'Choose the new image first.' : undefined)
      }
      size="lg"
    >
      <p>
        Only {role.name} in {locationWords(cell)} changes. Other roles keep the old image, and
        running servers stay on it until they are relaunched.
      </p>
      {old.error !== null && <ErrorNotice error={old.error} onRetry={() => void old.refetch()} />}
      {chosen !== undefined && (
        <ChosenImage
          at={at}
          imageId={chosen.id}
          label="New image"
          onChange={() => change(undefined)}
        />
      )}
      {chosen === undefined && old.data !== undefined && (
        <CandidatePicker
          at={at}
          image={old.data}
          roleId={role.id}
          label="New image"
          onChoose={change}
        />
      )}
    </FormDialog>
  );
}
