import type { CloudImage, ReferenceKind } from '#contract/inventory/cloud-images.ts';

import { locationWords } from '../../components/flows/flow-names.ts';
import { formatGb } from '../../util/format.ts';

export const verdictWords = { inUse: 'In use', unused: 'Unused', unknown: 'Unknown' } as const;

export const kindWords: Record<ReferenceKind, string> = {
  server: 'Server',
  group: 'Group',
  template: 'Template',
  pointer: 'Pointer',
  role: 'Role',
  farm: 'Farm',
};

/** What people call it: by its id where the cloud has no name for it. */
export const labelOf = ({ name, cloudImageId }: Pick<CloudImage, 'name' | 'cloudImageId'>) =>
  name || cloudImageId;

/** Where it is: the same names are in many places. */
export const whereOf = (
  image: Pick<CloudImage, 'name' | 'cloudImageId'> & Parameters<typeof locationWords>[0],
) => `${labelOf(image)}, ${locationWords(image)}`;

export const stateWords: Record<CloudImage['state'], string | undefined> = {
  available: undefined,
  pending: 'Still being made',
  disabled: 'Disabled',
  failed: 'Failed',
  missing: 'The cloud does not show it',
};

/** What it is, below its name. */
export function noteOf({ state, deprecated, architecture, size }: CloudImage): string {
  const parts = [
    stateWords[state],
    deprecated === null ? undefined : 'Deprecated in the cloud',
    architecture ?? undefined,
    size === null ? undefined : formatGb(size),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}
