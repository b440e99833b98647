import { VisuallyHidden } from '@mantine/core';
import { cloudPlatformLabel } from '#contract/images/platforms.ts';

import { formatQuantity } from '../util/format.ts';

import classes from './PlaceDots.module.css';
import { tip } from './tip.ts';

interface Place {
  cloudPlatform: string;
  cloudLocation: string;
}

interface PlaceDotsProps {
  /** Where it stands. */
  places: readonly Place[];
  /** Every place of the table, in one order for all rows, so that gaps stand below each other. */
  among: readonly Place[];
}

/** How many places, and which of those that the table knows: a dot for each. */
export function PlaceDots({ places, among }: PlaceDotsProps) {
  const held = new Set(places.map(placeWords));
  const missing = among.map(placeWords).filter((place) => !held.has(place));
  const words = [
    [...held].join(', '),
    ...(missing.length > 0 ? [`not in ${missing.join(', ')}`] : []),
  ].join('; ');
  return (
    <span className={classes['places']} {...tip(words)}>
      <VisuallyHidden>{`${formatQuantity(places.length, 'place')}: ${words}`}</VisuallyHidden>
      <span className={classes['count']} aria-hidden>
        {places.length}
      </span>
      <span className={classes['dots']} aria-hidden>
        {among.map((place) => (
          <i key={placeWords(place)} data-held={held.has(placeWords(place)) || undefined} />
        ))}
      </span>
    </span>
  );
}

/** Places that occur in any of the rows, each once, by cloud and location. */
export function placesOf<Some extends Place>(rows: readonly { places: readonly Some[] }[]): Some[] {
  const all = new Map(
    rows.flatMap(({ places }) => places).map((place) => [placeWords(place), place]),
  );
  return [...all.keys()].toSorted().flatMap((key) => all.get(key) ?? []);
}

function placeWords({ cloudPlatform, cloudLocation }: Place): string {
  return [cloudPlatformLabel[cloudPlatform] ?? cloudPlatform, cloudLocation].join(' ').trim();
}
