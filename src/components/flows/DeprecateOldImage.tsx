import { OptionField } from '../forms/fields.tsx';

interface DeprecateOldImageProps {
  /** Why it cannot be. */
  reasonAgainst: string | undefined;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}

/** Whether the image whose place is taken is deprecated as well. */
export function DeprecateOldImage(props: DeprecateOldImageProps) {
  return (
    <OptionField
      label="Deprecate the old image"
      description="No role can start using it any more. What runs keeps running, and roles that keep it still start servers from it."
      {...props}
    />
  );
}
