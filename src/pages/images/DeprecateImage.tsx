import type { Image } from '#contract/images/images.ts';

import { imageDeprecatePreviewQuery, useDeprecateImage } from '../../api/images.ts';
import { useShownPlan } from '../../api/query.ts';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { imageOptions } from '../../components/options/sources.ts';
import { DeprecateDialog } from '../../components/objects/DeprecateDialog.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { formatQuantity } from '../../util/format.ts';

function usedBy(roles: number): string {
  if (roles === 0) return 'No role uses it.';
  const words = formatQuantity(roles, 'role');
  return `${words} ${roles === 1 ? 'keeps' : 'keep'} it: what runs keeps running, and new servers of ${roles === 1 ? 'that role' : 'those roles'} still start from it. To move them on, replace it.`;
}

/** Deprecates an image: why, and what to use instead. */
export function DeprecateImage({ at, object: image, onClose }: ObjectDialogProps<Image>) {
  const deprecation = useDeprecateImage(at);
  const plan = useShownPlan(imageDeprecatePreviewQuery(at, image.id), deprecation);
  return (
    <DeprecateDialog
      noun="image"
      name={image.name}
      meaning={`It can no longer be added to roles. ${usedBy(image.usage?.roles ?? 0)}`}
      deprecation={deprecation}
      plan={plan}
      change={(body: { deprecate: true; reason?: string; replacement?: { id: string } }) =>
        deprecation.change({
          params: { imageId: image.id },
          body,
          digest: plan.data?.digest,
          ifMatch: image.version,
        })
      }
      doneWords={() => `${image.name} is deprecated. It can no longer be added to roles.`}
      renderSuccessor={(field) => (
        <ObjectSelect
          noun="image"
          placeholder="Name or cloud image ID"
          description="Images of the same cloud and location that can be used."
          source={imageOptions(at, {
            status: 'active',
            deprecated: false,
            cloudPlatform: image.cloudPlatform,
            cloudLocation: image.cloudLocation,
          })}
          exclude={image.id}
          {...field}
        />
      )}
      onClose={onClose}
    />
  );
}
