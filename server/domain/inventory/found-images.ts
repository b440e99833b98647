import { architectures } from '#contract/images/architectures.ts';

const otherNames: Record<string, (typeof architectures)[number]> = {
  arm64: 'aarch64',
  amd64: 'x86_64',
  i686: 'i386',
  x86: 'i386',
};

/** One of our architectures for a cloud's word, if it is one. */
export function architectureOf(word: string | null): (typeof architectures)[number] | null {
  if (word === null) return null;
  return architectures.find((one) => one === word) ?? otherNames[word] ?? null;
}

/** A name that an image may have in the catalogue, as near to that in the cloud as can be: docs/domain.md, "Names". */
export function proposeName({
  name,
  cloudImageId,
}: {
  name: string;
  cloudImageId: string;
}): string {
  const of = (text: string) =>
    text
      .normalize('NFKD')
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .slice(0, 255)
      .replaceAll(/^-+|-+$/g, '');
  const [proposed, fallback] = [of(name), of(cloudImageId)];
  if (proposed.length >= 2) return proposed;
  return fallback.length >= 2 ? fallback : `image-${fallback}`;
}
