import type { CloudImage } from '#contract/inventory/cloud-images.ts';

import { useEach } from '../../api/each.ts';
import { wishOf } from '../../api/cloud-images.ts';
import { BulkDialog } from '../../components/objects/BulkDialog.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';

import { whereOf } from './cloud-image-words.ts';

/** Says of one found image that it is not wanted in the catalogue, or takes that back. */
export function Wish({ at, object, onClose }: ObjectDialogProps<CloudImage>) {
  const { plan } = useEach();
  const { id, unwanted } = object;
  const action = unwanted
    ? {
        label: 'Take the mark from',
        bulk: { done: 'no longer marked', meaning: 'It counts as wanted again.' },
      }
    : {
        label: 'Mark as not wanted:',
        bulk: { done: 'marked', meaning: 'It stays in its cloud. Here it can be filtered out.' },
      };
  return (
    <BulkDialog
      {...plan([{ key: id, change: wishOf(at, object, !unwanted) }])}
      action={action}
      noun="cloud image"
      possible={[{ id, name: whereOf(object) }]}
      others={[]}
      onClose={onClose}
    />
  );
}
