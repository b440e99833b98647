import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ec2Regions } from '#contract/images/platforms.ts';
import type { Image } from '#contract/images/images.ts';

import { imageTwinsQuery, useCopyImage } from '../../api/images.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { optionsOf } from '../../components/filters/choices.ts';
import { ChoiceField } from '../../components/forms/fields.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { placeName } from '../../util/places.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

/** Copies the machine image to another region of its cloud, and goes to the new image. */
export function CopyImage({ at, object: image, onClose }: ObjectDialogProps<Image>) {
  const copy = useCopyImage(at);
  const navigate = useNavigate();
  const [location, setLocation] = useState('');
  const [isSent, setIsSent] = useState(false);
  const { field, message } = copy.error === null ? {} : errorFacts(copy.error);
  const regionError = field === 'cloudLocation' ? message : undefined;
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
      error={regionError === undefined ? copy.error : null}
      pending={copy.isPending}
      unsaved={isUnsaved(location !== '', copy)}
      disabledReason={reasonAgainst(image.actions?.copy)}
    >
      <Explanation image={image} />
      <RegionField
        {...{ at, image }}
        value={location}
        error={isSent && location === '' ? 'Choose a region.' : regionError}
        onChange={(region) => {
          setLocation(region);
          copy.reset();
        }}
      />
    </FormDialog>
  );
}

function Explanation({ image }: { image: Image }) {
  return (
    <p>
      The cloud copies {image.cloudImageId} from {image.cloudLocation}. The copy is a new image of
      the same name in {placeName(image)}, and takes a while; no role gets it automatically.
    </p>
  );
}

interface RegionFieldProps {
  at: PathScope;
  image: Image;
  value: string;
  onChange: (region: string) => void;
  error: string | undefined;
}

/** Offers the regions that do not have the image. */
function RegionField({ at, image, value, onChange, error }: RegionFieldProps) {
  const twins = useQuery(imageTwinsQuery(at, image.id)).data?.data ?? [];
  const taken = twins
    .filter(({ cloudPlatform, status }) => cloudPlatform === 'ec2' && status !== 'failed')
    .map(({ cloudLocation }) => cloudLocation);
  const regions = ec2Regions.filter(
    (region) => region !== image.cloudLocation && !taken.includes(region),
  );
  return (
    <ChoiceField
      label="Region"
      description={
        taken.length === 0
          ? 'Where the copy goes.'
          : `Where the copy goes. Regions that have ${image.name} already are left out.`
      }
      data-autofocus
      options={optionsOf(regions)}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
