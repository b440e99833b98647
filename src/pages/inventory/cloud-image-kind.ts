import { IconBan, IconListSearch, IconPlus, IconRestore } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Verdict } from '#contract/actions.ts';
import type { CloudImage } from '#contract/inventory/cloud-images.ts';

import { cloudImageQuery, cloudImageReferencesQuery, wishOf } from '../../api/cloud-images.ts';
import { scopeQuery } from '../../api/scopes.ts';
import type { ObjectKind } from '../../components/objects/object-actions.tsx';
import { ask } from '../../query-client.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

const References = lazyPart(async () => (await import('./References.tsx')).References);
const RegisterImage = lazyPart(async () => (await import('./RegisterImages.tsx')).RegisterImage);
const RegisterImages = lazyPart(async () => (await import('./RegisterImages.tsx')).RegisterImages);
const Wish = lazyPart(async () => (await import('./Wish.tsx')).Wish);

const anybody = { allowed: true } as const;

function missingReason({ state, registrations }: CloudImage): string | undefined {
  if (registrations.length > 0) return 'It is in the catalogue already.';
  return state === 'available' ? undefined : 'The cloud cannot start servers from it now.';
}

function kindWith(mayRegister: Verdict | undefined): ObjectKind<CloudImage> {
  const verdict = () => mayRegister;
  return {
    noun: 'cloud image',
    useRead: (at, id) => useQuery(cloudImageQuery(at, id)),
    askAhead: (at, { id }) => ask(cloudImageReferencesQuery(at, id)),
    actions: {
      references: {
        label: 'What uses it',
        icon: IconListSearch,
        verdict: () => anybody,
        dialog: References,
      },
      register: {
        label: 'Register',
        icon: IconPlus,
        verdict,
        pointless: missingReason,
        dialog: RegisterImage,
        together: RegisterImages,
      },
      unwanted: {
        label: 'Mark as not wanted',
        icon: IconBan,
        verdict,
        pointless: ({ unwanted }) => (unwanted ? 'It is marked already.' : undefined),
        dialog: Wish,
        bulk: {
          done: 'marked as not wanted',
          meaning: 'They stay in their clouds. Here they can be filtered out.',
          changeOf: (at, image) => wishOf(at, image, true),
        },
      },
      wanted: {
        label: 'Take the mark away',
        icon: IconRestore,
        verdict,
        pointless: ({ unwanted }) => (unwanted ? undefined : 'It is not marked.'),
        dialog: Wish,
        bulk: {
          done: 'no longer marked',
          meaning: 'They count as wanted again.',
          changeOf: (at, image) => wishOf(at, image, false),
        },
      },
    },
  };
}

/** What can be done with found images at a scope; whoever may register images there may mark them, too. */
export function useCloudImageKind(at: PathScope): ObjectKind<CloudImage> {
  const { data: scope } = useQuery(scopeQuery(at));
  const mayRegister = scope?.actions.imageCreate;
  return useMemo(() => kindWith(mayRegister), [mayRegister]);
}
