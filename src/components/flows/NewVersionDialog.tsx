import { Radio, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Image } from '#contract/images/images.ts';

import { imageQuery } from '../../api/images.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';

import { CandidatePicker } from './CandidatePicker.tsx';
import { ChosenImage } from './ChosenImage.tsx';
import { NextToOld } from './NextToOld.tsx';

interface NewVersionDialogProps {
  at: PathScope;
  /** The image that has a new version. */
  image: Image;
  newImageId: string | undefined;
  onChoose: (imageId: string | undefined) => void;
  /** Goes on to replace it everywhere. */
  onReplace: () => void;
  onClose: () => void;
}

type Approach = 'next' | 'replace';

/** A new version of an image: offered next to the old one, or put in its place everywhere. */
export function NewVersionDialog(props: NewVersionDialogProps) {
  const { at, image, newImageId, onClose, onReplace } = props;
  const [approach, setApproach] = useState<Approach>('next');
  const [isPlanning, setIsPlanning] = useState(false);
  const newImage = useQuery({
    ...imageQuery(at, newImageId ?? ''),
    enabled: newImageId !== undefined,
  }).data;
  return (
    <Dialog title={`New version of ${image.name}`} onClose={onClose} size="lg">
      {isPlanning && newImage !== undefined ? (
        <NextToOld
          at={at}
          image={image}
          newImage={newImage}
          onBack={() => setIsPlanning(false)}
          onClose={onClose}
        />
      ) : (
        <Question
          {...props}
          approach={approach}
          onApproach={setApproach}
          newImage={newImage}
          onContinue={() => (approach === 'replace' ? onReplace() : setIsPlanning(true))}
        />
      )}
    </Dialog>
  );
}

interface QuestionProps extends NewVersionDialogProps {
  approach: Approach;
  onApproach: (approach: Approach) => void;
  /** The chosen one, once it was read. */
  newImage: Image | undefined;
  onContinue: () => void;
}

/** Which image, and which of the two ways. */
function Question(props: QuestionProps) {
  const { at, image, newImageId, newImage, onChoose, approach, onApproach, onClose } = props;
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
      {newImageId === undefined ? (
        <>
          <CandidatePicker
            at={at}
            image={image}
            label="New version"
            onChoose={({ id }) => onChoose(id)}
          />
          <p className="small">
            Not there yet?{' '}
            <Link to={paths.newImage(at, { from: image.id })}>Register the new version first</Link>
          </p>
        </>
      ) : (
        <ChosenImage
          at={at}
          imageId={newImageId}
          label="New version"
          onChange={() => onChoose(undefined)}
        />
      )}
      <Radio.Group
        label="What should happen with the old one?"
        value={approach}
        onChange={(value) => onApproach(value === 'replace' ? 'replace' : 'next')}
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
      <DialogActions changes={noChanges}>
        <ActionButton onClick={onClose}>Cancel</ActionButton>
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
