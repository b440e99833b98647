import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';

interface Versioned {
  version: number;
}

/** What somebody else changed of an object while a form about it was open. */
export interface EditConflict {
  /** The members that are different now, by the names of the fields. */
  changes: { field: string; theirs: unknown; mine: unknown }[];
  keepMine: () => void;
  takeTheirs: () => void;
}

interface Edited<T extends Versioned, Values extends object> {
  /** As it was read last. */
  object: T;
  valuesOf: (object: T) => Values;
  form: Pick<UseFormReturnType<Values>, 'values' | 'setValues' | 'setInitialValues' | 'resetDirty'>;
  operation: { isError: boolean; reset: () => void };
}

function differing<Values extends object>(a: Values, b: Values): (keyof Values & string)[] {
  const fields = Object.keys(a) as (keyof Values & string)[];
  return fields.filter((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]));
}

/**
 * An object in a form, which somebody else may change meanwhile: docs/domain.md, "Versions". The form stays as it
 * is until it is sent, however live the page behind it.
 * @returns the version that was edited, for `ifMatch`; and, once that was refused and a member of the form has
 * another value now, the conflict. What changed beside the form is none.
 */
export function useEdited<T extends Versioned, Values extends object>(
  edited: Edited<T, Values>,
): { version: number; conflict: EditConflict | undefined } {
  const { object, valuesOf, form, operation } = edited;
  const [base, setBase] = useState(object);
  const before = valuesOf(base);
  const theirs = valuesOf(object);
  const changed = differing(before, theirs);
  if (changed.length === 0) return { version: object.version, conflict: undefined };
  if (!operation.isError) return { version: base.version, conflict: undefined };
  const mine = differing(before, form.values);
  const goOn = (values: Values) => {
    form.setInitialValues(theirs);
    form.setValues(values);
    form.resetDirty(theirs);
    setBase(object);
    operation.reset();
  };
  const typed = Object.fromEntries(mine.map((field) => [field, form.values[field]]));
  return {
    version: base.version,
    conflict: {
      changes: changed.map((field) => ({
        field,
        theirs: theirs[field],
        mine: mine.includes(field) ? form.values[field] : undefined,
      })),
      keepMine: () => goOn({ ...theirs, ...typed }),
      takeTheirs: () => goOn(theirs),
    },
  };
}
