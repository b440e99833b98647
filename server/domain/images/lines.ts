/**
 * The line of an image: its name without the trailing groups of digits, which count its versions
 * (docs/domain.md, "Images"). Images of one OS and one line are versions of the same thing. The database
 * keeps it as `images.line`; a test holds the two equal.
 */
export function lineOf(name: string): string {
  return name.replace(/(-+[0-9]+)+$/u, '');
}
