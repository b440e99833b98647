import type { Role } from '#contract/roles/roles.ts';

import { roleDeprecatePreviewQuery, useDeprecateRole } from '../../api/roles.ts';
import { useShownPlan } from '../../api/query.ts';
import { DeprecateDialog } from '../../components/objects/DeprecateDialog.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { roleOptions } from '../../components/options/sources.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { formatQuantity } from '../../util/format.ts';

function usedBy(farms: number): string {
  if (farms === 0) return 'No farm uses it.';
  const words = formatQuantity(farms, 'farm');
  return `${words} ${farms === 1 ? 'keeps' : 'keep'} it: what runs keeps running and relaunching.`;
}

/** What has happened, with the successor by its name. */
function doneWords({ name, deprecation }: Role): string {
  const instead = deprecation?.replacement;
  const named = instead == null ? '' : ` ${instead.name} is named instead.`;
  return `${name} is deprecated. It can no longer be added to farms.${named}`;
}

/** Deprecates a role: why, and what to use instead. */
export function DeprecateRole({ at, object: role, onClose }: ObjectDialogProps<Role>) {
  const deprecation = useDeprecateRole(at);
  const plan = useShownPlan(roleDeprecatePreviewQuery(at, role.id), deprecation);
  return (
    <DeprecateDialog
      noun="role"
      name={role.name}
      meaning={`It can no longer be added to farms. ${usedBy(role.usage?.farms ?? 0)}`}
      deprecation={deprecation}
      plan={plan}
      change={(body: { deprecate: true; reason?: string; replacement?: { id: number } }) =>
        deprecation.change({
          params: { roleId: role.id },
          body,
          digest: plan.data?.digest,
          ifMatch: role.version,
        })
      }
      doneWords={({ data }) => doneWords(data)}
      renderSuccessor={({ value, onChange, ...field }) => (
        <ObjectSelect
          noun="role"
          placeholder="Name of a role"
          description="The successor that owners of farms are pointed to."
          source={roleOptions(at)}
          exclude={String(role.id)}
          value={value?.toString()}
          onChange={(id) => onChange(id === undefined ? undefined : Number(id))}
          {...field}
        />
      )}
      onClose={onClose}
    />
  );
}
