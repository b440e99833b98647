import { Checkbox } from '@mantine/core';

interface ReplaceFieldProps {
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}

/** What becomes of places of a role that have an image already. */
export function ReplaceField({ isChosen, onChange }: ReplaceFieldProps) {
  return (
    <Checkbox
      label="Also where the role has another image"
      description="New servers there start from this version; running ones stay on the old image until relaunched."
      checked={isChosen}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
