import { TextInput } from '@mantine/core';
import { useState } from 'react';

import { inBody, useAnswerUntil } from '../../api/owner-contacts.ts';
import type { UsageFilters } from '../../api/usage.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';

interface AnswerUntilProps {
  at: PathScope;
  /** Of the page, with the owner who answers. */
  filters: UsageFilters;
  onClose: () => void;
}

/** An owner says until when their servers on old images are going to be moved. */
export default function AnswerUntil({ at, filters, onClose }: AnswerUntilProps) {
  const answer = useAnswerUntil(at);
  const [until, setUntil] = useState('');
  const change = answer.change({ body: { filters: inBody(filters), until } });
  const submit = () =>
    answer.mutate(change, {
      onSuccess: ({ data }) => {
        announce(`Until ${data.until}, for ${formatQuantity(data.farms, 'farm')}.`);
        onClose();
      },
    });
  return (
    <FormDialog
      title="Say until when"
      submitLabel="Say so"
      changes={until === '' ? undefined : [change]}
      onSubmit={submit}
      onClose={onClose}
      error={answer.error}
      pending={answer.isPending}
      unsaved={isUnsaved(until !== '', answer)}
      disabledReason={until === '' ? 'Choose a day first.' : undefined}
    >
      <p>
        For your farms that are listed here. Nobody is reminded before that day; whoever looks after
        the images sees it.
      </p>
      <TextInput
        type="date"
        label="I will have moved them by"
        data-autofocus
        required
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
