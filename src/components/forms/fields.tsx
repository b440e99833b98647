import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { NativeSelectProps, TextareaProps, TextInputProps } from '@mantine/core';
import type { ReactNode } from 'react';

import type { Choice } from '../options/choice.ts';

import classes from './forms.module.css';

/** What a field means stands under it, so that fields side by side line up. */
export const helpBelow: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

/** Two fields beside each other, where there is room. */
export function Pair({ children }: { children: ReactNode }) {
  return <div className={classes['pair']}>{children}</div>;
}

/** A name or an id: nothing to be completed, and no prose to be checked. */
export function NameField(props: TextInputProps) {
  return <TextInput autoComplete="off" spellCheck={false} maxLength={255} {...props} />;
}

interface ChoiceFieldProps extends NativeSelectProps {
  options: readonly Choice[];
}

/** One of some options, of which none is chosen at first. */
export function ChoiceField({ options, ...props }: ChoiceFieldProps) {
  return (
    <NativeSelect required data={[{ value: '', label: 'Choose one' }, ...options]} {...props} />
  );
}

/** The description of an image or a role; as high as its text. */
export function DescriptionField(props: TextareaProps) {
  return <Textarea label="Description" autosize minRows={2} maxRows={10} {...props} />;
}

interface OptionFieldProps {
  label: string;
  description: string;
  /** Why it cannot be chosen; shown in the place of the description. */
  reasonAgainst: string | undefined;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}

/** Something to be done as well, where it is possible. */
export function OptionField(props: OptionFieldProps) {
  const { label, description, reasonAgainst, isChosen, onChange } = props;
  const isPossible = reasonAgainst === undefined;
  return (
    <Checkbox
      label={label}
      description={reasonAgainst ?? description}
      aria-disabled={!isPossible}
      checked={isChosen && isPossible}
      onChange={(event) => {
        if (isPossible) onChange(event.target.checked);
      }}
    />
  );
}
