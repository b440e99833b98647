import { Radio, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Image } from '#contract/images/images.ts';

import { imageQuery } from '../../api/images.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import type { ObjectDialogProps } from '../objects/object-actions.tsx';

import { ImageChoice } from './ImageChoice.tsx';
import { NextToOld } from './NextToOld.tsx';
import { useNewImage } from './use-new-image.ts';

type Approach = 'next' | 'replace';

/** A new version of an image: offered next to the old one, or put in its place everywhere. */
export function NewVersionDialog({ at, object: image, onClose }: ObjectDialogProps<Image>) {
  const [approach, setApproach] = useState<Approach>('next');
  const [isPlanning, setIsPlanning] = useState(false);
  const [newImageId, setNewImage] = useNewImage();
  const { on, open } = useDialog(['replace']);
  const newImage = useQuery({
    ...imageQuery(at, newImageId ?? ''),
    enabled: newImageId !== undefined,
  }).data;
  return (
    <Dialog title={`New version of ${image.name}`} onClose={onClose} size="lg">
      {isPlanning && newImage !== undefined ? (
        <NextToOld {...{ at, image, newImage, onClose }} onBack={() => setIsPlanning(false)} />
      ) : (
        <Question
          {...{ at, image, newImage, approach, onClose }}
          onApproach={setApproach}
          onContinue={() => (approach === 'replace' ? open('replace', on) : setIsPlanning(true))}
        >
          <ImageChoice {...{ at, image, newImageId }} label="New version" onChoose={setNewImage} />
        </Question>
      )}
    </Dialog>
  );
}

interface QuestionProps {
  at: PathScope;
  /** The image that has a new version. */
  image: Image;
  /** The chosen one, once it was read. */
  newImage: Image | undefined;
  approach: Approach;
  onApproach: (approach: Approach) => void;
  onContinue: () => void;
  onClose: () => void;
  /** Chooses the new version. */
  children: ReactNode;
}

/** Which image, and which of the two ways. */
function Question(props: QuestionProps) {
  const { at, image, newImage, approach } = props;
  const scope = useQuery(scopeQuery(at)).data;
  const against = {
    next:
      newImage?.deprecated === true
        ? `${newImage.name} is deprecated and cannot enter a new role. Choose a newer one.`
        : reasonAgainst(scope?.actions.roleCreate),
    replace: reasonAgainst(image.actions?.replace),
  }[approach];
  return (
    <DialogBody>
      {props.children}
      <ApproachChoice value={approach} onChange={props.onApproach} />
      <DialogActions changes={noChanges}>
        <ActionButton onClick={props.onClose}>Cancel</ActionButton>
        <ActionButton
          variant="filled"
          disabledReason={newImage === undefined ? 'Choose the new version first.' : against}
          onClick={props.onContinue}
        >
          {approach === 'next' ? 'Choose the roles' : 'See what would be replaced'}
        </ActionButton>
      </DialogActions>
    </DialogBody>
  );
}

interface ApproachChoiceProps {
  value: Approach;
  onChange: (approach: Approach) => void;
}

function ApproachChoice({ value, onChange }: ApproachChoiceProps) {
  return (
    <Radio.Group
      label="What should happen with the old one?"
      value={value}
      onChange={(chosen) => onChange(chosen === 'replace' ? 'replace' : 'next')}
    >
      <Stack gap={8} mt={4}>
        <Radio
          value="next"
          label="Offer it next to the old"
          description="A copy of each role gets the new version. Existing farms stay exactly as they are, and can still launch servers of the old one; whoever builds a farm is led to the new role. Farm owners move when they want to."
        />
        <Radio
          value="replace"
          label="Replace everywhere"
          description="The roles themselves get the new version. Nobody changes a farm: servers that run stay on the old one, and every server that is launched or relaunched starts from the new one."
        />
      </Stack>
    </Radio.Group>
  );
}
