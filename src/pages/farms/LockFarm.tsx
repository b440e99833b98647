import { NativeSelect, Textarea } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { z } from 'zod';
import { unlockPermissions } from '#contract/farms/farms.ts';
import type { Farm } from '#contract/farms/farms.ts';
import { text } from '#contract/fields.ts';

import { useLockFarm, useUnlockFarm } from '../../api/farm-changes.ts';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { announce } from '../../util/announce.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { LockWords, unlockerWords } from './LockNotice.tsx';

const schema = z.object({ lockComment: text(1000), unlockPermission: z.enum(unlockPermissions) });

/** Locks a farm against changes, with a comment and with who may unlock it. */
export function LockFarm({ object: farm, onClose }: ObjectDialogProps<Farm>) {
  const operation = useLockFarm(environmentOf(farm));
  const form = useForm<z.input<typeof schema>>({
    initialValues: { lockComment: '', unlockPermission: 'anyone' },
    validate: schemaResolver(schema, { sync: true }),
  });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (body) =>
      operation.change({ params: { farmId: farm.id }, body, ifMatch: farm.version }),
    fieldOf: (member) => (member === 'lockComment' ? member : undefined),
    onDone: () => {
      announce(`${farm.name} is locked.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Lock ${farm.name}`}
      submitLabel="Lock farm"
      {...sending}
      disabledReason={reasonAgainst(farm.actions?.lock)}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <p>
        Until it is unlocked, nobody changes, launches, suspends, resumes, terminates or deletes it.
        Its servers can still be handled one by one, and its scaling goes on.
      </p>
      <Textarea
        label="Why (optional)"
        description="Shown to whoever is refused."
        autosize
        minRows={2}
        data-autofocus
        {...form.getInputProps('lockComment')}
      />
      <NativeSelect
        label="Who may unlock it"
        description="Administrators always may."
        data={unlockPermissions.map((value) => ({ value, label: unlockerWords[value] }))}
        {...form.getInputProps('unlockPermission')}
      />
    </FormDialog>
  );
}

/** Unlocks a farm. */
export function UnlockFarm({ object: farm, onClose }: ObjectDialogProps<Farm>) {
  const operation = useUnlockFarm(environmentOf(farm));
  const change = operation.change({
    params: { farmId: farm.id },
    body: {},
    ifMatch: farm.version,
  });
  return (
    <ChangeDialog
      title={`Unlock ${farm.name}?`}
      confirmLabel="Unlock farm"
      operation={operation}
      change={change}
      done={`${farm.name} is unlocked.`}
      onClose={onClose}
      disabledReason={reasonAgainst(farm.actions?.unlock)}
    >
      <p>
        <LockWords lock={farm.lock} />
      </p>
      <p>It can be changed, launched and terminated again.</p>
    </ChangeDialog>
  );
}
