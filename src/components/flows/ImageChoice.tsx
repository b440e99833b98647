import { Link } from 'react-router';
import type { Image } from '#contract/images/images.ts';

import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { CandidatePicker } from './CandidatePicker.tsx';
import { ChosenImage } from './ChosenImage.tsx';

interface ImageChoiceProps {
  at: PathScope;
  /** The old image. */
  image: Image;
  /** What is chosen: `New version`. */
  label: string;
  newImageId: string | undefined;
  onChoose: (imageId: string | undefined) => void;
}

/** Chooses the image that comes in the place of the old one, or shows which one was chosen. */
export function ImageChoice({ at, image, label, newImageId, onChoose }: ImageChoiceProps) {
  if (newImageId !== undefined) {
    const onChange = () => onChoose(undefined);
    return <ChosenImage at={at} imageId={newImageId} label={label} onChange={onChange} />;
  }
  return (
    <>
      <CandidatePicker at={at} image={image} label={label} onChoose={({ id }) => onChoose(id)} />
      <p className="small">
        Not there yet?{' '}
        <Link to={paths.newImage(at, { from: image.id })}>
          Register the {label.toLowerCase()} first
        </Link>
      </p>
    </>
  );
}
