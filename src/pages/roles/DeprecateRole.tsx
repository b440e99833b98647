import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { reason as reasonSchema } from '#contract/fields.ts';

import { useDeprecateRole } from '../../api/roles.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { formatQuantity } from '../../util/format.ts';

import type { RoleDialogProps } from './RoleDialogs.tsx';
import { RoleSelect } from './RoleSelect.tsx';

function usedBy(farms: number): string {
  if (farms === 0) return 'No farm uses it.';
  const words = formatQuantity(farms, 'farm');
  return `${words} ${farms === 1 ? 'keeps' : 'keep'} it: what runs keeps running and relaunching.`;
}

/** Deprecates a role: why, and what to use instead. */
export function DeprecateRole({ at, role, onClose }: RoleDialogProps) {
  const deprecation = useDeprecateRole(at);
  const [reason, setReason] = useState('');
  const [successor, setSuccessor] = useState<number>();
  const problem = reasonSchema.safeParse(reason.trim()).error?.issues[0]?.message;
  const { field, message } = deprecation.error === null ? {} : errorFacts(deprecation.error);
  const isOnSuccessor = field?.startsWith('replacement') === true;
  const change = deprecation.change({
    params: { roleId: String(role.id) },
    body: {
      deprecate: true,
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      ...(successor === undefined ? {} : { replacement: { id: successor } }),
    },
    ifMatch: role.version,
  });
  const submit = () => {
    if (problem !== undefined) return;
    deprecation.mutate(change, {
      onSuccess: ({ data }) => {
        const instead = data.deprecation?.replacement;
        announce(
          `${role.name} is deprecated. It can no longer be added to farms.${instead == null ? '' : ` ${instead.name} is named instead.`}`,
        );
        onClose();
      },
    });
  };
  return (
    <FormDialog
      title={`Deprecate ${role.name}?`}
      submitLabel="Deprecate role"
      changes={problem === undefined ? [change] : undefined}
      onSubmit={submit}
      onClose={onClose}
      error={field === 'reason' || isOnSuccessor ? null : deprecation.error}
      pending={deprecation.isPending}
    >
      <p>It can no longer be added to farms. {usedBy(role.usage?.farms ?? 0)}</p>
      <Textarea
        label="Reason (optional)"
        description="Shown wherever the role is."
        data-autofocus
        autosize
        minRows={2}
        maxRows={8}
        value={reason}
        error={problem ?? (field === 'reason' ? message : undefined)}
        onChange={(event) => setReason(event.target.value)}
      />
      <RoleSelect
        at={at}
        label="Use instead (optional)"
        description="The successor that owners of farms are pointed to."
        exclude={role.id}
        value={successor}
        onChange={setSuccessor}
        error={isOnSuccessor ? message : undefined}
      />
    </FormDialog>
  );
}
