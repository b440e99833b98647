import { useApplyReplacement } from '../../api/replacements.ts';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import type { PathScope } from '../../util/paths.ts';

/**
 * Carries out the plan that is shown, and no other: what has changed since is refused, and shown. Once it
 * is done, the replacement's page takes the plan's place.
 */
export function useApplying(at: PathScope, { id, version, plan }: ReplacementDetail) {
  const apply = useApplyReplacement(at);
  const change = apply.change({
    params: { replacementId: id },
    ifMatch: version,
    digest: plan?.digest,
  });
  return {
    change,
    error: apply.error,
    isPending: apply.isPending,
    carryOut: () => apply.mutate(change),
  };
}

export type Applying = ReturnType<typeof useApplying>;
