import { useState } from 'react';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { setAddToRolePreviewQuery, useAddSetToRole } from '../../api/image-set-acts.ts';
import type { SetSelection } from '../../api/image-set-acts.ts';
import { useShownPlan } from '../../api/query.ts';
import { errorFacts } from '../../util/errors.ts';
import type { PathScope } from '../../util/paths.ts';

type Architecture = ImageSet['architectures'][number];

interface RoleEntry {
  at: PathScope;
  /** The version that comes; undefined until one is chosen. */
  set: (Pick<ImageSet, 'id'> & Partial<Pick<ImageSet, 'version' | 'architectures'>>) | undefined;
  /** The role that it comes into; undefined until one is chosen. */
  roleId: string | number | undefined;
  selection: SetSelection;
  /** The architecture that is taken unless another is chosen, where the set has several. */
  fallback?: Architecture | undefined;
}

/** The change that gives a role the images of a set, and what it would do. */
export function useRoleEntry({ at, set, roleId, selection, fallback }: RoleEntry) {
  const addition = useAddSetToRole(at);
  const [wanted, setArchitecture] = useState<Architecture | ''>();
  const offered = set?.architectures ?? [];
  const usual = offered.length > 1 ? offered.find((one) => one === fallback) : undefined;
  const architecture = wanted === '' ? undefined : (offered.find((one) => one === wanted) ?? usual);
  const [replaces, setReplaces] = useState(false);
  const body = {
    ...selection,
    role: { id: Number(roleId ?? 0) },
    ...(replaces ? { replace: true } : {}),
    ...(architecture === undefined ? {} : { architecture }),
  };
  const isChosen = set !== undefined && roleId !== undefined;
  const plan = useShownPlan(setAddToRolePreviewQuery(at, set?.id ?? 0, body), addition, isChosen);
  const error = plan.error ?? addition.error;
  const facts = error === null ? undefined : errorFacts(error);
  return {
    addition,
    plan,
    change: isChosen
      ? addition.change({
          params: { imageSetId: set.id },
          body,
          digest: plan.data?.digest,
          ifMatch: set.version,
        })
      : undefined,
    /** What the server says about the role. */
    roleError: facts?.field?.startsWith('role') === true ? facts.message : undefined,
    architecture,
    setArchitecture,
    replaces,
    setReplaces,
  };
}
