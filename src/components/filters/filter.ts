export interface FilterOption {
  value: string;
  label: string;
}

/** One filter of a list. `value` is empty when it is off; several values are joined by commas. */
export interface Filter {
  id: string;
  label: string;
  options: readonly FilterOption[];
  value: string;
  onChange: (value: string) => void;
  /** Several options may be on at once. */
  isMultiple?: boolean;
  /** Offers a field to find an option by; for long lists. */
  isSearchable?: boolean;
}
