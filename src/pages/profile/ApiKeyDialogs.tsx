import type { ApiKey } from '#contract/people/api-keys.ts';

import { useDeleteApiKey, useUpdateApiKey } from '../../api/people/api-keys.ts';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { RenameDialog } from '../../components/forms/RenameDialog.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';

interface ApiKeyDialogProps {
  apiKey: ApiKey;
  onClose: () => void;
}

export function RenameApiKey({ apiKey, onClose }: ApiKeyDialogProps) {
  const update = useUpdateApiKey();
  const params = { keyId: apiKey.id };
  return (
    <RenameDialog
      noun="API key"
      object={apiKey}
      operation={update}
      change={(name, ifMatch) => update.change({ params, body: { name }, ifMatch })}
      onClose={onClose}
    />
  );
}

export function DeleteApiKey({ apiKey, onClose }: ApiKeyDialogProps) {
  const remove = useDeleteApiKey();
  const deletion = remove.change({ params: { keyId: apiKey.id }, ifMatch: apiKey.version });
  return (
    <ChangeDialog
      title={`Delete API key ${apiKey.name}?`}
      confirmLabel="Delete API key"
      danger
      operation={remove}
      change={deletion}
      onClose={onClose}
    >
      <p>
        Whatever signs with it is refused from now on, and it cannot be brought back. It was last
        used: <RelativeTime at={apiKey.lastUsed} />.
      </p>
    </ChangeDialog>
  );
}
