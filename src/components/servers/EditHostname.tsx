import { schemaResolver, useForm } from '@mantine/form';
import { z } from 'zod';
import { server as resource } from '#contract/farms/servers.ts';
import type { Server } from '#contract/farms/servers.ts';

import { useUpdateServer } from '../../api/servers.ts';
import { announce } from '../../util/announce.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { FormDialog } from '../dialogs/FormDialog.tsx';
import { chooseFirst } from '../forms/conflict-words.ts';
import { ConflictNotice } from '../forms/ConflictNotice.tsx';
import { NameField } from '../forms/fields.tsx';
import { useEdited } from '../forms/use-edited.ts';
import { useFormChange } from '../forms/use-form-change.ts';
import type { ObjectDialogProps } from '../objects/object-actions.tsx';

import { serverLabel } from './server-words.ts';

const labels = { hostname: 'Host name' };
const schema = z.object({ hostname: resource.schema.shape.hostname });
const valuesOf = ({ hostname }: Server) => ({ hostname });

/** Gives a server another host name, or none. */
export function EditHostname({ object: server, onClose }: ObjectDialogProps<Server>) {
  const operation = useUpdateServer(environmentOf(server));
  const form = useForm({
    initialValues: valuesOf(server),
    validate: schemaResolver(schema, { sync: true }),
  });
  const { version, conflict } = useEdited({ object: server, valuesOf, form, operation });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (body) => operation.change({ params: { serverId: server.id }, body, ifMatch: version }),
    fieldOf: (member) => (member === 'hostname' ? member : undefined),
    onDone: (_answer, { hostname }) => {
      announce(
        `${serverLabel(server)} has ${hostname === '' ? 'no host name' : `the host name ${hostname}`} now.`,
      );
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Host name of ${serverLabel(server)}`}
      submitLabel="Save host name"
      size="sm"
      {...sending}
      error={conflict === undefined ? sending.error : null}
      disabledReason={reasonAgainst(server.actions?.update) ?? (conflict && chooseFirst)}
      onSubmit={form.onSubmit((values) => (form.isDirty() ? submit(values) : onClose()))}
      onClose={onClose}
    >
      <NameField
        label="Host name"
        description="Such as web-1.example.com."
        data-autofocus
        maxLength={253}
        {...form.getInputProps('hostname')}
      />
      {conflict !== undefined && <ConflictNotice {...{ conflict, labels }} />}
    </FormDialog>
  );
}
