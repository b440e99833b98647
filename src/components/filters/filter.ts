import type { Choice } from '../options/choice.ts';
import type { OptionSource } from '../options/option-source.ts';

/** One filter of a list. `value` is empty when it is off. */
export interface Filter {
  id: string;
  label: string;
  /** All there are; with a `source`, at least the one that is on. */
  options: readonly Choice[];
  /** Where the server has more than a menu holds. */
  source?: OptionSource;
  value: string;
  onChange: (value: string) => void;
}
