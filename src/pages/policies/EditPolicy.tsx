import { useForm } from '@mantine/form';
import type { Policy } from '#contract/policies/policies.ts';

import { useUpdatePolicy } from '../../api/policies.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { chooseFirst } from '../../components/forms/conflict-words.ts';
import { ConflictNotice } from '../../components/forms/ConflictNotice.tsx';
import { useEdited } from '../../components/forms/use-edited.ts';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { PathScope } from '../../util/paths.ts';

import { PolicyFields } from './PolicyFields.tsx';
import { fieldOf, ruleOf, validate, valuesOf } from './policy-form.ts';

const labels = {
  kind: 'What it does',
  name: 'Name',
  description: 'Description',
  reach: 'Looks at',
  olderThanDays: 'Older than (days)',
  keepNewest: 'Newest that always stay',
  unusedForDays: 'Unused for (days)',
  deprecatedOnly: 'Only what is deprecated',
  fromCloud: 'From their clouds too',
  template: 'Pattern',
  objects: 'Names of',
  deprecatedForDays: 'Days since the image was deprecated',
};

interface EditProps {
  at: PathScope;
  policy: Policy;
  onClose: () => void;
}

/** Renames a policy and changes its rule; another rule goes back to audit. */
export function EditPolicy({ at, policy, onClose }: EditProps) {
  const operation = useUpdatePolicy(at);
  const form = useForm({ initialValues: valuesOf(policy), validate });
  const { version, conflict } = useEdited({ object: policy, valuesOf, form, operation });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (values) => {
      const { name, description, reach } = values;
      const body = { name, description, reach, rule: ruleOf(values) };
      return operation.change({ params: { policyId: policy.id }, body, ifMatch: version });
    },
    fieldOf,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={`Edit ${policy.name}`}
      submitLabel="Save"
      {...sending}
      error={conflict === undefined ? sending.error : null}
      disabledReason={conflict && chooseFirst}
      onSubmit={form.onSubmit((values) => (form.isDirty() ? submit(values) : onClose()))}
      onClose={onClose}
    >
      <PolicyFields form={form} />
      {policy.mode === 'enforce' && (
        <p className="dim">Another rule goes back to audit, until it was looked at.</p>
      )}
      {conflict !== undefined && <ConflictNotice {...{ conflict, labels }} />}
    </FormDialog>
  );
}
