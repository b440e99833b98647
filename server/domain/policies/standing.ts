import type { ImageStatus } from '#contract/images/images.ts';
import { lineOf } from '../images/lines.ts';
import type { Subject } from './findings.ts';

/** An image, as far as policies look at all of them. */
export interface PolicyImage extends Subject {
  kind: 'image';
  cloud_platform: string;
  cloud_location: string;
  os_id: string;
  architecture: string;
  status: ImageStatus;
  added_at: Date;
  /** It, or another registration of its cloud image that its scope sees, is deprecated. */
  is_deprecated: boolean;
  /** It, or another registration of its cloud image, is protected. */
  is_protected: boolean;
}

/** Where an image stands among those of its line in its place: 1 is the newest. */
export interface Standing<Image extends PolicyImage = PolicyImage> {
  /** Among all that are active. */
  rank: number;
  /** Among those that can be used; that of the first one that cannot be used after them, for others. */
  usableRank: number;
  /** Those that can be used, the newest first. */
  usable: readonly Image[];
}

/**
 * Images of one line, which stand in the same place for the same architecture at the same scope, by their versions:
 * the newest of each place is there to start servers from (docs/domain.md, "Policies").
 */
export function findStandings<Image extends PolicyImage>(
  images: readonly Image[],
): Map<string, Standing<Image>> {
  const active = images.filter(({ status }) => status === 'active');
  const lines = Map.groupBy(active, (image) =>
    JSON.stringify([
      image.account_id,
      image.environment_id,
      image.os_id,
      lineOf(image.name),
      image.cloud_platform,
      image.cloud_location,
      image.architecture,
    ]),
  );
  return new Map([...lines.values()].flatMap(standingsIn));
}

function standingsIn<Image extends PolicyImage>(
  line: readonly Image[],
): [string, Standing<Image>][] {
  const versions = new Map(line.map(({ id, name }) => [id, versionOf(name)]));
  const of = ({ id }: Image) => versions.get(id) ?? [];
  const sorted = line.toSorted(
    (a, b) =>
      compareVersions(of(b), of(a)) ||
      Number(b.added_at) - Number(a.added_at) ||
      (a.id < b.id ? -1 : 1),
  );
  const usable = sorted.filter(({ is_deprecated: isDeprecated }) => !isDeprecated);
  let usableBefore = 0;
  return sorted.map((image, index) => {
    const standing = { rank: index + 1, usableRank: usableBefore + 1, usable };
    if (!image.is_deprecated) usableBefore += 1;
    return [image.id, standing];
  });
}

/** The trailing groups of digits of a name, as numbers. */
function versionOf(name: string): bigint[] {
  return (
    name
      .slice(lineOf(name).length)
      .match(/[0-9]+/g)
      ?.map(BigInt) ?? []
  );
}

function compareVersions(a: readonly bigint[], b: readonly bigint[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined || part > other) return 1;
    if (part < other) return -1;
  }
  return a.length - b.length;
}
