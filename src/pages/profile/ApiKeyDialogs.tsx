import { TextInput } from '@mantine/core';
import type { ApiKey } from '#contract/people/api-keys.ts';

import { useDeleteApiKey, useUpdateApiKey } from '../../api/api-keys.ts';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { useNameField } from '../../hooks/use-name-field.ts';

interface ApiKeyDialogProps {
  apiKey: ApiKey;
  onClose: () => void;
}

export function RenameApiKey({ apiKey, onClose }: ApiKeyDialogProps) {
  const update = useUpdateApiKey();
  const field = useNameField(update.error, apiKey.name);
  const renaming = (name: string) =>
    update.change({ params: { keyId: apiKey.id }, body: { name } });
  return (
    <FormDialog
      title={`Rename API key ${apiKey.name}`}
      submitLabel="Rename API key"
      size="sm"
      pending={update.isPending}
      unsaved={isUnsaved(field.isDirty, update)}
      error={field.otherError}
      changes={[renaming(field.value)]}
      onSubmit={() => field.submit((name) => update.mutate(renaming(name), { onSuccess: onClose }))}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus {...field.props} />
    </FormDialog>
  );
}

export function DeleteApiKey({ apiKey, onClose }: ApiKeyDialogProps) {
  const remove = useDeleteApiKey();
  const deletion = remove.change({ params: { keyId: apiKey.id } });
  return (
    <ConfirmDialog
      title={`Delete API key ${apiKey.name}?`}
      confirmLabel="Delete API key"
      danger
      pending={remove.isPending}
      error={remove.error}
      changes={[deletion]}
      onConfirm={() => remove.mutate(deletion, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        Whatever signs with it is refused from now on, and it cannot be brought back. It was last
        used: <RelativeTime at={apiKey.lastUsed} />.
      </p>
    </ConfirmDialog>
  );
}
