import { NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UserRole } from '#contract/permissions.ts';

import { useInviteUser } from '../../api/people/people.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { announce } from '../../util/announce.ts';
import type { PathScope } from '../../util/paths.ts';

import { roleHelp, roleOptions } from './people-words.ts';
import { SignInLink } from './SignInLink.tsx';

const initialValues = { email: '', name: '', role: 'viewer' as UserRole };
type Values = typeof initialValues;

const validate = {
  email: (email: string) => (email.includes('@') ? null : 'Type an e-mail address first.'),
};
const fieldOf = (member: string | undefined) =>
  member !== undefined && member in initialValues ? member : undefined;

function bodyOf({ email, name, role }: Values) {
  return { email: email.trim(), role, ...(name.trim() !== '' && { name: name.trim() }) };
}

/** Lets somebody in with a role here, and shows the link that signs them in: the one time that it is shown. */
export function InviteUser({ at, onClose }: { at: PathScope; onClose: () => void }) {
  const operation = useInviteUser(at);
  const form = useForm({ initialValues, validate });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (values: Values) => operation.change({ body: bodyOf(values) }),
    fieldOf,
    onDone: ({ data }) => {
      if (data.link !== null) return;
      announce(`${data.user.name} was there already, and has this role now.`);
      onClose();
    },
  });
  const made = operation.data?.data;
  if (made?.link)
    return <SignInLink name={made.user.name} {...made} link={made.link} onClose={onClose} />;
  return (
    <FormDialog
      title="Invite somebody"
      submitLabel="Invite"
      {...sending}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <TextInput
        label="E-mail address"
        type="email"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('email')}
      />
      <TextInput
        label="Name"
        description="What others see; the e-mail address where it is left empty."
        autoComplete="off"
        maxLength={100}
        {...form.getInputProps('name')}
      />
      <NativeSelect
        label="Role here"
        description={roleHelp[form.values.role]}
        data={roleOptions}
        {...form.getInputProps('role')}
      />
    </FormDialog>
  );
}
