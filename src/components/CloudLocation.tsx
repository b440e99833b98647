import { cloudPlatformLabel } from '#contract/images/platforms.ts';

interface CloudLocationProps {
  platform: string;
  /** Empty where an image of this cloud serves all locations. */
  location: string | null | undefined;
}

/** A cloud and a location: `EC2 us-east-1`. */
export function CloudLocation({ platform, location }: CloudLocationProps) {
  return (
    <span className="nowrap">
      {cloudPlatformLabel[platform] ?? platform}{' '}
      <span className="dim">
        {location === null || location === undefined || location === ''
          ? 'all locations'
          : location}
      </span>
    </span>
  );
}
