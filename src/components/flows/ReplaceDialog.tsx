import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Image } from '#contract/images/images.ts';

import type { Answer } from '../../api/client.ts';
import { replacementQuery } from '../../api/replacements.ts';
import { isUnsaved, useUnsaved } from '../../hooks/use-unsaved.ts';
import type { PathScope } from '../../util/paths.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { blockerLink } from '../blocker-link.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import type { ObjectDialogProps } from '../objects/object-actions.tsx';

import { locationWords } from './flow-names.ts';
import { ImageChoice } from './ImageChoice.tsx';
import { replaceLabel } from './replace-words.ts';
import { ReplacementOptions } from './ReplacementOptions.tsx';
import { ReplacementPreview } from './ReplacementPreview.tsx';
import { Outcome, ReplaceResult } from './ReplaceResult.tsx';
import type { Replaced } from './ReplaceResult.tsx';
import { RollBack } from './RollBack.tsx';
import { useNewImage } from './use-new-image.ts';
import { useReplacement } from './use-replacement.ts';

type Step =
  | { name: 'choose' }
  | { name: 'done'; replaced: Replaced }
  | { name: 'back'; replaced: Replaced }
  | { name: 'gone back'; message: string };

/** Replaces an image in every role in reach: choose, look at what happens, do it, see what is left. */
export function ReplaceDialog({ at, object: image, onClose }: ObjectDialogProps<Image>) {
  const [step, setStep] = useState<Step>({ name: 'choose' });
  const title = step.name === 'back' ? `Put ${image.name} back?` : `Replace ${image.name}`;
  return (
    <Dialog title={title} onClose={onClose} size="lg">
      {step.name === 'choose' && (
        <Choose
          {...{ at, image, onClose }}
          onDone={(replaced) => setStep({ name: 'done', replaced })}
        />
      )}
      {step.name === 'done' && (
        <ReplaceResult
          at={at}
          replaced={step.replaced}
          onRollBack={() => setStep({ name: 'back', replaced: step.replaced })}
          onClose={onClose}
        />
      )}
      {step.name === 'back' && (
        <Back
          at={at}
          id={step.replaced.id ?? ''}
          onCancel={() => setStep({ name: 'done', replaced: step.replaced })}
          onDone={(_, message) => setStep({ name: 'gone back', message })}
        />
      )}
      {step.name === 'gone back' && (
        <DialogBody>
          <Outcome>
            <p>{step.message}</p>
          </Outcome>
          <DialogActions changes={noChanges}>
            <ActionButton variant="filled" onClick={onClose}>
              Close
            </ActionButton>
          </DialogActions>
        </DialogBody>
      )}
    </Dialog>
  );
}

function replacedBy(
  { data, meta, warnings }: Answer<'imageReplace'>,
  preview: Replaced['preview'],
  deprecated: boolean,
): Replaced {
  return {
    id: meta.replacement?.id,
    roles: data.length,
    outsideReach: meta.outsideReach.roles,
    deprecated,
    warnings,
    preview,
  };
}

interface ChooseProps {
  at: PathScope;
  /** The image that goes. */
  image: Image;
  onClose: () => void;
  onDone: (replaced: Replaced) => void;
}

function Choose({ at, image, onClose, onDone }: ChooseProps) {
  const [newImageId, setNewImage] = useNewImage();
  const state = useReplacement(at, image, newImageId);
  const { preview, replace, deprecates } = state;
  // What is chosen is in the address; what is typed is not.
  useUnsaved(isUnsaved(state.options.reason !== '', replace));
  const carryOut = () => {
    if (preview === undefined) return;
    state.carryOut((answer) => onDone(replacedBy(answer, preview, deprecates)));
  };
  const choose = (imageId: string | undefined) => {
    state.change({ skip: false, allowArchitectureChange: false });
    setNewImage(imageId);
  };
  return (
    <DialogBody>
      <p className="dim">
        In {locationWords(image)}. Servers that run are left alone: they stay on the old image until
        they are relaunched.
      </p>
      <ImageChoice
        at={at}
        image={image}
        label="New image"
        newImageId={newImageId}
        onChoose={choose}
      />
      <ReplacementOptions image={image} state={state} />
      {newImageId !== undefined && <ReplacementPreview state={state} />}
      {replace.error !== null && (
        <ErrorNotice error={replace.error} renderBlocker={blockerLink(at)} />
      )}
      <DialogActions changes={newImageId === undefined ? undefined : [state.request]}>
        <ActionButton onClick={onClose}>Cancel</ActionButton>
        <ActionButton
          variant="filled"
          pending={replace.isPending}
          disabledReason={state.disabledReason}
          onClick={carryOut}
        >
          {replaceLabel(preview, deprecates)}
        </ActionButton>
      </DialogActions>
    </DialogBody>
  );
}

interface BackProps {
  at: PathScope;
  id: string;
  onCancel: () => void;
  onDone: (id: string | undefined, message: string) => void;
}

function Back({ at, id, onCancel, onDone }: BackProps) {
  const { data, error } = useQuery(replacementQuery(at, id));
  if (data !== undefined) {
    return <RollBack at={at} replacement={data} onCancel={onCancel} onDone={onDone} />;
  }
  return error === null ? <p className="dim">Reading…</p> : <ErrorNotice error={error} />;
}
