import { OptionField } from '../forms/fields.tsx';

interface DeprecateOldImageProps {
  /** Why it cannot be. */
  reasonAgainst: string | undefined;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
  /** There is more than one. */
  many?: boolean;
}

/** Whether the image whose place is taken is deprecated as well. */
export function DeprecateOldImage({ many = false, ...props }: DeprecateOldImageProps) {
  return (
    <OptionField
      label={many ? 'Deprecate the old images' : 'Deprecate the old image'}
      description={
        many
          ? 'No role can start using them any more. What runs keeps running, and roles that keep one still start servers from it.'
          : 'No role can start using it any more. What runs keeps running, and roles that keep it still start servers from it.'
      }
      {...props}
    />
  );
}
