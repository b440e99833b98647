/** What a word means, in two sentences, and the section of docs/domain.md that says it all. */
export const wordHelp = {
  version: {
    text: 'A version is all images of one name and one OS at one scope, in every place and for every architecture; the API calls it an image set. Versions whose names differ only in the numbers at the end are of one line, and the highest number is the newest.',
    section: 'Image sets',
  },
  deprecated: {
    text: 'What is deprecated gets no new use: it enters no role and no farm. What runs keeps running, and relaunches as before.',
    section: 'Deprecating an image',
  },
  old: {
    text: 'A server is old if its role has another image for its place by now, or if its image is deprecated. It stays so until it is relaunched from an image that is not.',
    section: 'Usage and staleness',
  },
  reach: {
    text: 'The reach of a replacement is where it changes roles: at the chosen scope and, where you choose so, below it. Roles outside of it keep the old image, and are counted in the preview.',
    section: 'Replacement',
  },
} as const;
export type Word = keyof typeof wordHelp;
