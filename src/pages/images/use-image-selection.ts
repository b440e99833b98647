import { useMemo, useState } from 'react';
import type { Image } from '#contract/images.ts';

import type { Selection } from '../../components/table.ts';

const none: ReadonlyMap<string, Image> = new Map();

/**
 * The selected images of the list. It outlives a change of page or filter, so it keeps the images
 * themselves; those that are on the page are always the current ones.
 */
export function useImageSelection(rows: readonly Image[] | undefined): {
  images: readonly Image[];
  forTable: Selection;
  clear: () => void;
} {
  const [chosen, setChosen] = useState(none);
  return useMemo(() => {
    const shown = new Map((rows ?? []).map((row) => [row.id, row]));
    return {
      images: [...chosen.values()].map((image) => shown.get(image.id) ?? image),
      forTable: {
        selected: new Set(chosen.keys()),
        onChange: (keys) => {
          const images = [...keys].flatMap((key) => shown.get(key) ?? chosen.get(key) ?? []);
          setChosen(new Map(images.map((image) => [image.id, image])));
        },
      },
      clear: () => setChosen(none),
    };
  }, [chosen, rows]);
}
