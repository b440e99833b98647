import { TextInput } from '@mantine/core';
import type { TextInputProps } from '@mantine/core';

import { helpBelow } from '../../components/forms/fields.tsx';

/** The regions of AWS that credentials cover. */
export function RegionsField(props: TextInputProps) {
  return (
    <TextInput
      label="Regions"
      description="Such as eu-west-1, us-east-1; empty for all that the account has."
      inputWrapperOrder={helpBelow}
      spellCheck={false}
      autoComplete="off"
      {...props}
    />
  );
}
