import { NativeSelect } from '@mantine/core';
import { useForm } from '@mantine/form';
import { policyKinds } from '#contract/policies/rules.ts';
import { useNavigate } from 'react-router';

import { useCreatePolicy } from '../../api/policies.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { announce } from '../../util/announce.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { PolicyFields } from './PolicyFields.tsx';
import { fieldOf, initialValues, ruleOf, validate } from './policy-form.ts';
import { kindWord } from './policy-words.ts';

/** Makes a policy, which shows what it would do until somebody has it carried out. */
export function NewPolicy({ at, onClose }: { at: PathScope; onClose: () => void }) {
  const operation = useCreatePolicy(at);
  const navigate = useNavigate();
  const form = useForm({ initialValues, validate });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (values) => {
      const { kind, name, description, reach } = values;
      return operation.change({ body: { kind, name, description, reach, rule: ruleOf(values) } });
    },
    fieldOf,
    onDone: ({ data }) => {
      announce(`${data.name} was made. It changes nothing before it is enforced.`);
      void navigate(paths.policy(at, data.id), { replace: true });
    },
  });
  return (
    <FormDialog
      title="New policy"
      submitLabel="Make policy"
      {...sending}
      onSubmit={form.onSubmit(submit)}
      onClose={onClose}
    >
      <NativeSelect
        label="What it does"
        data={policyKinds.map((value) => ({ value, label: kindWord[value] }))}
        {...form.getInputProps('kind')}
      />
      <PolicyFields form={form} />
      <p className="dim">It begins in audit: it shows what it would do, and changes nothing.</p>
    </FormDialog>
  );
}
