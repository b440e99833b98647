/** One of some things to choose from. */
export interface Choice {
  value: string;
  label: string;
  /** What tells choices of one label apart. */
  detail?: string;
  /** The heading that it stands below in a list with headings. */
  group?: string;
}
