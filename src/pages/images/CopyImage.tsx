import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ec2Regions } from '#contract/images/platforms.ts';

import { imageTwinsQuery, useCopyImage } from '../../api/images.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { placeName } from '../../util/places.ts';
import { paths } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import type { ImageDialogProps } from './ImageDialogs.tsx';

/** Copies the machine image to another region of its cloud, and goes to the new image. */
export function CopyImage({ at, image, onClose }: ImageDialogProps) {
  const copy = useCopyImage(at);
  const navigate = useNavigate();
  const twins = useQuery(imageTwinsQuery(at, image.id)).data?.data ?? [];
  const [location, setLocation] = useState('');
  const [isSent, setIsSent] = useState(false);
  const taken = twins.filter(
    ({ cloudPlatform, status }) => cloudPlatform === 'ec2' && status !== 'failed',
  );
  const regions = ec2Regions.filter(
    (region) =>
      region !== image.cloudLocation &&
      taken.every(({ cloudLocation }) => cloudLocation !== region),
  );
  const { field, message } = copy.error === null ? {} : errorFacts(copy.error);
  const change = copy.change({
    params: { imageId: image.id },
    body: { cloudPlatform: image.cloudPlatform, cloudLocation: location },
    ifMatch: image.version,
  });
  const submit = () => {
    setIsSent(true);
    if (location === '') return;
    copy.mutate(change, {
      onSuccess: ({ data }) => {
        announce(`${data.name} is being copied to ${data.cloudLocation}.`);
        // The dialog is not a step to come back to.
        void navigate(paths.image(at, data.id), { replace: true });
      },
    });
  };
  return (
    <FormDialog
      title={`Copy ${image.name} to another location`}
      submitLabel={location === '' ? 'Copy image' : `Copy image to ${location}`}
      changes={location === '' ? undefined : [change]}
      onSubmit={submit}
      onClose={onClose}
      error={field === 'cloudLocation' ? null : copy.error}
      pending={copy.isPending}
      disabledReason={reasonAgainst(image.actions?.copy)}
    >
      <p>
        The cloud copies {image.cloudImageId} from {image.cloudLocation}. The copy is a new image of
        the same name in {placeName(image)}, and takes a while; no role gets it automatically.
      </p>
      <NativeSelect
        label="Region"
        description={
          taken.length === 0
            ? 'Where the copy goes.'
            : `Where the copy goes. Regions that have ${image.name} already are left out.`
        }
        data-autofocus
        required
        data={[{ value: '', label: 'Choose one' }, ...regions]}
        value={location}
        error={
          (isSent && location === '' ? 'Choose a region.' : undefined) ??
          (field === 'cloudLocation' ? message : undefined)
        }
        onChange={(event) => {
          setLocation(event.currentTarget.value);
          copy.reset();
        }}
      />
    </FormDialog>
  );
}
