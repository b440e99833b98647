import { TextInput } from '@mantine/core';
import { useState } from 'react';

import type { Answer } from '../../api/client.ts';
import { useCreateApiKey } from '../../api/people/api-keys.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { FactList } from '../../components/FactList.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { Notice } from '../../components/Notice.tsx';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { useNameField } from '../../hooks/use-name-field.ts';
import { errorFacts } from '../../util/errors.ts';

import { KeyLimits, limitsInBody, noLimits } from './KeyLimits.tsx';

/** Asks for a name and what the key may do, and then shows the secret: the one time that it is shown. */
export function CreateApiKey({ onClose }: { onClose: () => void }) {
  const create = useCreateApiKey();
  const field = useNameField(create.error);
  const [limits, setLimits] = useState(noLimits);
  const creation = (name: string) => create.change({ body: { name, ...limitsInBody(limits) } });
  const isOnDay = errorFacts(create.error).field === 'expires';
  const made = create.data?.data;
  if (made !== undefined) return <MadeKey made={made} onClose={onClose} />;
  return (
    <FormDialog
      title="Create an API key"
      submitLabel="Create API key"
      size="md"
      pending={create.isPending}
      unsaved={isUnsaved(field.isDirty || limits !== noLimits, create)}
      error={isOnDay ? null : field.otherError}
      changes={field.value === '' ? undefined : [creation(field.value)]}
      onSubmit={() => field.submit((name) => create.mutate(creation(name)))}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What uses it: a pipeline, a laptop."
        data-autofocus
        {...field.props}
      />
      <KeyLimits
        limits={limits}
        untilError={isOnDay ? create.error?.message : undefined}
        onChange={setLimits}
      />
    </FormDialog>
  );
}

interface MadeKeyProps {
  made: Answer<'apiKeyCreate'>['data'];
  onClose: () => void;
}

/** The key, with its secret. */
function MadeKey({ made, onClose }: MadeKeyProps) {
  return (
    <Dialog title={`API key ${made.name}`} onClose={onClose} isKept size="md">
      <DialogBody>
        <FactList
          facts={[
            { label: 'Key ID', value: <CopyableId id={made.id} what="key ID" length={60} /> },
            {
              label: 'Secret',
              value: (
                <>
                  <CopyableId id={made.secretKey} what="secret" length={60} />{' '}
                  <CopyButton text={made.secretKey} />
                </>
              ),
            },
          ]}
        />
        <Notice tone="warning">Copy the secret now: it is not shown again.</Notice>
        <DialogActions changes={noChanges}>
          <ActionButton variant="filled" onClick={onClose}>
            Done
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
