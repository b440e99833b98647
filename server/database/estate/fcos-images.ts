import { readFileSync } from 'node:fs';

/** `gce` stands for "everywhere on Google Cloud"; every other place is an EC2 region. */
export type Place = string;
export type Architecture = 'x86_64' | 'aarch64';

export interface FcosRelease {
  stream: string;
  /** As published, with dots: `44.20260707.3.1`. */
  release: string;
  published: Date;
  /** Cloud image ids by architecture, then by place. */
  images: Map<Architecture, Map<Place, string>>;
}

/** Reads the extract of real public images; README.md explains its format and where the facts come from. */
export function readFcosReleases(): FcosRelease[] {
  const text = readFileSync(new URL('./data/fcos-images.txt', import.meta.url), 'utf8');
  const releases: FcosRelease[] = [];
  let places: Place[] = [];
  for (const line of text.split('\n')) {
    const [keyword = '', ...words] = line.split(' ');
    if (keyword === '' || keyword === '#') continue;
    if (keyword === 'locations') places = words;
    else if (keyword === 'release') releases.push(startRelease(words));
    else addImages(releases.at(-1), keyword as Architecture, places, words);
  }
  return releases;
}

function startRelease([stream = '', release = '', published = '']: string[]): FcosRelease {
  return { stream, release, published: new Date(published), images: new Map() };
}

function addImages(
  release: FcosRelease | undefined,
  architecture: Architecture,
  places: Place[],
  words: string[],
): void {
  if (!release) throw new Error('The image extract names images before any release.');
  const images = new Map<Place, string>();
  places.forEach((place, index) => {
    const word = words[index];
    if (word === undefined || word === '-') return;
    images.set(place, place === 'gce' ? gceId(release.release, architecture) : `ami-${word}`);
  });
  release.images.set(architecture, images);
}

/** On Google Cloud the id follows from release and architecture, so the extract keeps a mark only. */
function gceId(release: string, architecture: Architecture): string {
  const name = `fedora-coreos-${release}-gcp-${architecture}`.replaceAll(/[._]/g, '-');
  return `fedora-coreos-cloud/${name}`;
}
