import { useNavigate, useParams } from 'react-router';
import type { Farm } from '#contract/farms/farms.ts';

import { useUpdateFarm } from '../../api/farm-changes.ts';
import { farmQuery } from '../../api/farms.ts';
import { useObject } from '../../api/query.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { chooseFirst } from '../../components/forms/conflict-words.ts';
import { ConflictNotice } from '../../components/forms/ConflictNotice.tsx';
import { helpBelow } from '../../components/forms/fields.tsx';
import { PageForm } from '../../components/forms/PageForm.tsx';
import { useEdited } from '../../components/forms/use-edited.ts';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { announce } from '../../util/announce.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { launchOrderWords } from './farm-columns.tsx';
import { changesOf, fieldOf, labels, useFarmForm, valuesOf } from './farm-form.ts';
import type { FarmForm } from './farm-form.ts';
import { newOwnerOptions } from './farm-options.ts';
import { FarmFields } from './FarmFields.tsx';

/** Reads what the form needs before it is shown, so that nothing in it moves. */
export const loader = scopedLoader((at, _search, { farmId = '' }) =>
  queryClient.prefetchQuery(farmQuery(at, farmId)),
);

/** Changes what a farm says of itself and whose it is; its roles are changed on its own page. */
export function Component() {
  const at = useScope();
  const { farmId = '' } = useParams();
  const farm = useObject(farmQuery(at, farmId));
  if (farm === undefined) return <PageSkeleton />;
  const reason = reasonAgainst(farm.actions?.update);
  const back = paths.farm(at, farm.id);
  return (
    <>
      <PageHeader
        title={`Edit ${farm.name}`}
        crumbs={[
          { label: 'Farms', to: paths.farms(at) },
          { label: farm.name, to: back },
        ]}
        facts={<ScopeBadge scope="environment" name={farm.envName} />}
      />
      {reason === undefined ? (
        <EditFarmForm key={farmId} at={at} farm={farm} />
      ) : (
        <EmptyState
          title="You cannot change this farm now"
          action={
            <ActionButton variant="filled" to={back}>
              Show the farm
            </ActionButton>
          }
        >
          {reason}
        </EmptyState>
      )}
    </>
  );
}

function EditFarmForm({ at, farm }: { at: PathScope; farm: Farm }) {
  const home = environmentOf(farm);
  const form = useFarmForm(farm);
  const navigate = useNavigate();
  const operation = useUpdateFarm(home);
  const { version, conflict } = useEdited({ object: farm, valuesOf, form, operation });
  const back = paths.farm(at, farm.id);
  const sending = useFormChange({
    form,
    operation,
    change: (values) =>
      operation.change({ params: { farmId: farm.id }, body: changesOf(values), ifMatch: version }),
    fieldOf,
    onDone: ({ data }) => {
      announce(`${data.name} is changed.`);
      void navigate(back);
    },
  });
  const { error } = sending;
  return (
    <PageForm
      {...{ at, form }}
      sending={{ ...sending, error: conflict === undefined ? error : null }}
      label="Edit farm"
      submitLabel="Save farm"
      disabledReason={conflict && chooseFirst}
      cancelTo={back}
    >
      <FarmFields at={home} form={form} />
      <OwnerField at={home} form={form} />
      {conflict !== undefined && <ConflictNotice {...{ conflict, labels, words: valueWords }} />}
    </PageForm>
  );
}

function OwnerField({ at, form }: { at: PathScope; form: FarmForm }) {
  return (
    <ObjectSelect
      inputWrapperOrder={helpBelow}
      label={labels.ownerId}
      description="Who is written to about its servers, and may unlock it. Needs a right in the account."
      required
      placeholder="Name or mail address"
      noun="owner"
      source={newOwnerOptions(at)}
      {...form.getInputProps('ownerId')}
      value={form.values.ownerId}
      onChange={(id) => id !== undefined && form.setFieldValue('ownerId', id)}
    />
  );
}

/** What people know: an order by its words. */
function valueWords(field: string, value: unknown): string | undefined {
  return field === 'launchOrder'
    ? launchOrderWords[value as keyof typeof launchOrderWords]
    : undefined;
}
