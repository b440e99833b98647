import { Checkbox, TextInput } from '@mantine/core';
import type { TextInputProps } from '@mantine/core';
import { useState } from 'react';

interface PasswordFieldProps extends Omit<TextInputProps, 'type'> {
  /** Tells password managers whether to fill in what they know, or to make one up. */
  autoComplete: 'current-password' | 'new-password';
}

/** A password, which can be looked at: what cannot be seen is mistyped. */
export function PasswordField(props: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  return (
    <>
      <TextInput
        type={isShown ? 'text' : 'password'}
        spellCheck={false}
        autoCapitalize="none"
        maxLength={128}
        {...props}
      />
      <Checkbox
        size="xs"
        label={`Show ${props.autoComplete === 'new-password' ? 'the new password' : 'the password'}`}
        checked={isShown}
        onChange={(event) => setShown(event.currentTarget.checked)}
      />
    </>
  );
}
