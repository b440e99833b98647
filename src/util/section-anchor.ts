/** The anchor of a section on a page of help, by its heading: `Usage and staleness` is `#usage-and-staleness`. */
export function sectionAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
