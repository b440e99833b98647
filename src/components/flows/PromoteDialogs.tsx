import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Warning } from '#contract/envelope.ts';
import type { Image } from '#contract/images/images.ts';
import type { Place } from '#contract/images/places.ts';
import type { PromotionPreview } from '#contract/replacements/promotions.ts';
import type { Role } from '#contract/roles/roles.ts';

import {
  imagePromotePreviewQuery,
  rolePromotePreviewQuery,
  usePromoteImage,
  usePromoteRole,
} from '../../api/promotions.ts';
import { sessionQuery } from '../../api/session.ts';
import { announce } from '../../util/announce.ts';
import { grantAt } from '../../util/grants.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

import { Promote } from './Promote.tsx';
import { promotedWords } from './promote-words.ts';

/** Says what has happened and shows the object where it is now, if that may be seen. */
function useArrival(onClose: () => void) {
  const navigate = useNavigate();
  const session = useQuery(sessionQuery).data;
  return (words: string, warnings: readonly Warning[], place: Place, address: string) => {
    announce([words, ...warnings.map(({ message }) => message)].join(' '));
    if (grantAt(session?.grants ?? [], place) === undefined) onClose();
    else void navigate(address, { replace: true });
  };
}

const noAudience: PromotionPreview['audience'] = { accounts: 0, environments: 0 };

interface PromoteImageProps {
  at: PathScope;
  image: Image;
  onClose: () => void;
}

/** Promotes an image one scope up. */
export function PromoteImage({ at, image, onClose }: PromoteImageProps) {
  const promote = usePromoteImage(at);
  const arrive = useArrival(onClose);
  // While it is carried out, what was agreed to stays in sight.
  const preview = useQuery({ ...imagePromotePreviewQuery(at, image.id), enabled: promote.isIdle });
  const change = (merge: boolean) =>
    promote.change({
      params: { imageId: image.id },
      body: merge ? { merge } : {},
      ifMatch: image.version,
    });
  const carryOut = (sent: ReturnType<typeof change>) =>
    promote.mutate(sent, {
      onSuccess: ({ data, warnings }) => {
        const audience = preview.data?.audience ?? noAudience;
        const words = promotedWords(image.name, data, audience, data.id !== image.id);
        arrive(words, warnings, data, paths.image(scopeOfPlace(data), data.id));
      },
    });
  return (
    <Promote
      at={at}
      noun="image"
      object={image}
      preview={preview.data}
      previewError={preview.error}
      error={promote.error}
      pending={promote.isPending}
      change={change}
      onPromote={carryOut}
      onClose={onClose}
    />
  );
}

interface PromoteRoleProps {
  at: PathScope;
  role: Role;
  onClose: () => void;
}

/** Promotes a role one scope up, with its images. */
export function PromoteRole({ at, role, onClose }: PromoteRoleProps) {
  const promote = usePromoteRole(at);
  const arrive = useArrival(onClose);
  const preview = useQuery({ ...rolePromotePreviewQuery(at, role.id), enabled: promote.isIdle });
  const change = (merge: boolean) =>
    promote.change({
      params: { roleId: role.id },
      body: merge ? { merge } : {},
      ifMatch: role.version,
    });
  const carryOut = (sent: ReturnType<typeof change>) =>
    promote.mutate(sent, {
      onSuccess: ({ data, warnings }) => {
        const audience = preview.data?.audience ?? noAudience;
        const words = promotedWords(role.name, data, audience, false);
        arrive(words, warnings, data, paths.role(scopeOfPlace(data), data.id));
      },
    });
  return (
    <Promote
      at={at}
      noun="role"
      object={role}
      preview={preview.data}
      previewError={preview.error}
      error={promote.error}
      pending={promote.isPending}
      change={change}
      onPromote={carryOut}
      onClose={onClose}
    />
  );
}
