import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Warning } from '#contract/envelope.ts';
import type { ImageCandidate } from '#contract/images/image-candidates.ts';

import { imageQuery } from '../../api/images.ts';
import { useReplaceRoleImage } from '../../api/role-images.ts';
import { blockerLink } from '../blocker-link.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { CandidatePicker } from './CandidatePicker.tsx';
import { ChosenImage } from './ChosenImage.tsx';
import { FormDialog } from '../dialogs/FormDialog.tsx';
import { locationWords } from './flow-names.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import type { CellDialogProps } from './role-cell.ts';

/** What has happened, and what to know of it. */
function doneWords(
  { role, cell }: Pick<CellDialogProps, 'role' | 'cell'>,
  chosen: ImageCandidate,
  warnings: readonly Warning[],
): string {
  const done = `Replaced in ${role.name}: new servers in ${locationWords(cell)} start from ${chosen.name}. Running ones stay on ${cell.image.cloudImageId} until relaunched.`;
  return [done, ...warnings.map(({ message }) => message)].join(' ');
}

/** Puts another image in the place of one, in this role only. */
export function ReplaceRoleImage({ at, role, cell, onClose }: CellDialogProps) {
  const replacement = useReplaceRoleImage(at);
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
        announce(doneWords({ role, cell }, chosen, warnings));
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
      unsaved={isUnsaved(chosen !== undefined, replacement)}
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
      <NewImage {...{ at, role, cell, chosen }} onChoose={change} />
    </FormDialog>
  );
}

interface NewImageProps extends Omit<CellDialogProps, 'onClose'> {
  chosen: ImageCandidate | undefined;
  onChoose: (candidate: ImageCandidate | undefined) => void;
}

/** Chooses the image that comes, or shows which one was chosen. */
function NewImage({ at, role, cell, chosen, onChoose }: NewImageProps) {
  const old = useQuery(imageQuery(at, cell.image.id));
  const label = 'New image';
  return (
    <>
      {old.error !== null && <ErrorNotice error={old.error} onRetry={() => void old.refetch()} />}
      {chosen !== undefined && (
        <ChosenImage {...{ at, label }} imageId={chosen.id} onChange={() => onChoose(undefined)} />
      )}
      {chosen === undefined && old.data !== undefined && (
        <CandidatePicker {...{ at, label, onChoose }} image={old.data} roleId={role.id} />
      )}
    </>
  );
}
