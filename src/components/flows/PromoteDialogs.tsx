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
import { useShownPlan } from '../../api/query.ts';
import type { AnyChange } from '../../api/request.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

import type { ObjectDialogProps } from '../objects/object-actions.tsx';

import { Promote } from './Promote.tsx';
import { promotedWords } from './promote-words.ts';
import { useArrival } from './use-arrival.ts';

const noAudience: PromotionPreview['audience'] = { accounts: 0, environments: 0 };

interface PromotionProps<Sent extends AnyChange, Promoted extends Place> {
  at: PathScope;
  noun: 'image' | 'role';
  object: { id: string | number; name: string };
  /** What it would do. While it is carried out, what was agreed to stays in sight. */
  preview: { data: PromotionPreview | undefined; error: Error | null };
  promote: {
    error: Error | null;
    isPending: boolean;
    mutate: (
      sent: Sent,
      options: { onSuccess: (answer: { data: Promoted; warnings: Warning[] }) => void },
    ) => void;
  };
  change: (body: { merge?: true }) => Sent;
  addressOf: (promoted: Promoted) => string;
  onClose: () => void;
}

/** Promotes an object one scope up; where it was merged, it is another one there. */
function Promotion<Sent extends AnyChange, Promoted extends Place & { id: string | number }>(
  props: PromotionProps<Sent, Promoted>,
) {
  const { at, noun, object, preview, promote, change, addressOf, onClose } = props;
  const arrive = useArrival(onClose);
  const carryOut = (sent: Sent) =>
    promote.mutate(sent, {
      onSuccess: ({ data, warnings }) => {
        const audience = preview.data?.audience ?? noAudience;
        const words = promotedWords(object.name, data, audience, data.id !== object.id);
        arrive(words, warnings, data, addressOf(data));
      },
    });
  return (
    <Promote
      {...{ at, noun, object, onClose }}
      preview={preview.data}
      previewError={preview.error}
      error={promote.error}
      pending={promote.isPending}
      change={(merge) => change(merge ? { merge } : {})}
      onPromote={carryOut}
    />
  );
}

/** Promotes an image one scope up. */
export function PromoteImage({ at, object, onClose }: ObjectDialogProps<Image>) {
  const promote = usePromoteImage(at);
  const preview = useShownPlan(imagePromotePreviewQuery(at, object.id), promote);
  const digest = preview.data?.digest;
  const params = { imageId: object.id };
  return (
    <Promotion
      {...{ at, object, preview, promote, onClose }}
      noun="image"
      change={(body) => promote.change({ params, body, digest, ifMatch: object.version })}
      addressOf={(image) => paths.image(scopeOfPlace(image), image.id)}
    />
  );
}

/** Promotes a role one scope up, with its images. */
export function PromoteRole({ at, object, onClose }: ObjectDialogProps<Role>) {
  const promote = usePromoteRole(at);
  const preview = useShownPlan(rolePromotePreviewQuery(at, object.id), promote);
  const digest = preview.data?.digest;
  const params = { roleId: object.id };
  return (
    <Promotion
      {...{ at, object, preview, promote, onClose }}
      noun="role"
      change={(body) => promote.change({ params, body, digest, ifMatch: object.version })}
      addressOf={(role) => paths.role(scopeOfPlace(role), role.id)}
    />
  );
}
