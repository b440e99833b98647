import { useState } from 'react';
import type { Image } from '#contract/images/images.ts';
import type { DemotionPreview } from '#contract/replacements/demotions.ts';
import type { Role } from '#contract/roles/roles.ts';

import {
  imageDemotePreviewQuery,
  roleDemotePreviewQuery,
  useDemoteImage,
  useDemoteRole,
} from '../../api/promotions.ts';
import { useShownPlan } from '../../api/query.ts';
import { paths } from '../../util/paths.ts';
import { placeName, scopeOfPlace } from '../../util/places.ts';
import type { ObjectDialogProps } from '../objects/object-actions.tsx';

import { belowOf, Demote } from './Demote.tsx';
import { useArrival } from './use-arrival.ts';

/** What has happened: where it is now. */
export function demotedWords(name: string, plan: DemotionPreview | undefined): string {
  return plan === undefined ? `${name} is demoted.` : `${name} is at ${placeName(plan.to)} now.`;
}

/** Moves an image one scope down. */
export function DemoteImage({ at, object: image, onClose }: ObjectDialogProps<Image>) {
  const demotion = useDemoteImage(at);
  const [target, setTarget] = useState<string>();
  const body = belowOf(at, target);
  const isChosen = target !== undefined;
  const plan = useShownPlan(imageDemotePreviewQuery(at, image.id, body), demotion, isChosen);
  const arrive = useArrival(onClose);
  const change = isChosen
    ? demotion.change({
        params: { imageId: image.id },
        body,
        digest: plan.data?.digest,
        ifMatch: image.version,
      })
    : undefined;
  return (
    <Demote
      {...{ at, target, plan, onClose }}
      change={change}
      noun="image"
      name={image.name}
      onTarget={setTarget}
      operation={demotion}
      onDemote={(sent) =>
        demotion.mutate(sent, {
          onSuccess: ({ data, warnings }) =>
            arrive(
              demotedWords(image.name, plan.data),
              warnings,
              data,
              paths.image(scopeOfPlace(data), data.id),
            ),
        })
      }
    />
  );
}

/** Moves a role one scope down, with its images that nothing else needs. */
export function DemoteRole({ at, object: role, onClose }: ObjectDialogProps<Role>) {
  const demotion = useDemoteRole(at);
  const [target, setTarget] = useState<string>();
  const body = belowOf(at, target);
  const isChosen = target !== undefined;
  const plan = useShownPlan(roleDemotePreviewQuery(at, role.id, body), demotion, isChosen);
  const arrive = useArrival(onClose);
  const change = isChosen
    ? demotion.change({
        params: { roleId: role.id },
        body,
        digest: plan.data?.digest,
        ifMatch: role.version,
      })
    : undefined;
  return (
    <Demote
      {...{ at, target, plan, onClose }}
      change={change}
      noun="role"
      name={role.name}
      onTarget={setTarget}
      operation={demotion}
      onDemote={(sent) =>
        demotion.mutate(sent, {
          onSuccess: ({ data, warnings }) =>
            arrive(
              demotedWords(role.name, plan.data),
              warnings,
              data,
              paths.role(scopeOfPlace(data), data.id),
            ),
        })
      }
    />
  );
}
