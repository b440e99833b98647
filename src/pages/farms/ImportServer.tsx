import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link } from 'react-router';
import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { useImportServer } from '../../api/farm-role-changes.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { announce } from '../../util/announce.ts';
import { paths } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

const validate = {
  cloudServerId: (id: string) => (id.trim() === '' ? 'Type the ID of the server first.' : null),
};

/** Takes a server that was found in the cloud into a farm role: from then on it is kept as the others are. */
export function ImportServer({ at, object: farmRole, onClose }: ObjectDialogProps<FarmRole>) {
  const home = environmentOf(farmRole);
  const operation = useImportServer(home);
  const form = useForm({ initialValues: { cloudServerId: '' }, validate });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: ({ cloudServerId }) =>
      operation.change({
        params: { farmRoleId: farmRole.id },
        body: { cloudServerId: cloudServerId.trim() },
      }),
    fieldOf: (member) => (member === 'cloudServerId' ? member : undefined),
    onDone: ({ data }) => {
      announce(`${data.cloudServerId} is server #${data.index} of ${farmRole.alias} now.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Take a server into ${farmRole.alias}`}
      submitLabel="Take the server in"
      {...sending}
      renderBlocker={blockerLink(at)}
      disabledReason={reasonAgainst(farmRole.actions?.launchServer)}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <p>
        It keeps running on its image, and is kept, moved and ended as the others are. Those that
        were found are among the{' '}
        <Link to={paths.servers(home, { live: true, observed: true })}>observed servers</Link>.
      </p>
      <TextInput
        label="Cloud ID of the server"
        data-autofocus
        required
        {...form.getInputProps('cloudServerId')}
      />
    </FormDialog>
  );
}
