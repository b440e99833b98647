import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { userRoleLabel } from '#contract/permissions.ts';
import type { UserRole } from '#contract/permissions.ts';

import { useGiveRole } from '../../api/people/people.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import type { PathScope } from '../../util/paths.ts';

import { roleHelp, roleOptions } from './people-words.ts';

interface GiveRoleProps {
  at: PathScope;
  /** Who gets it. */
  to: { user: { id: number } } | { team: { id: number } };
  name: string;
  onClose: () => void;
}

/** Gives a user or a team a role at the scope of the page. */
export function GiveRole({ at, to, name, onClose }: GiveRoleProps) {
  const [role, setRole] = useState<UserRole>('viewer');
  const give = useGiveRole(at);
  const change = give.change({ body: { role, ...to } });
  const done = () => {
    announce(`${name} is ${userRoleLabel[role]} here now.`);
    onClose();
  };
  return (
    <FormDialog
      title={`Give ${name} a role here`}
      submitLabel="Give role"
      size="sm"
      changes={[change]}
      pending={give.isPending}
      unsaved={isUnsaved(role !== 'viewer', give)}
      error={give.error}
      onSubmit={() => give.mutate(change, { onSuccess: done })}
      onClose={onClose}
    >
      <NativeSelect
        label="Role"
        description={roleHelp[role]}
        data={roleOptions}
        value={role}
        data-autofocus
        onChange={({ currentTarget }) => setRole(currentTarget.value as UserRole)}
      />
    </FormDialog>
  );
}
