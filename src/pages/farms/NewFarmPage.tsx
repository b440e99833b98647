import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useCreateFarm } from '../../api/farm-changes.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { helpBelow } from '../../components/forms/fields.tsx';
import { PageForm } from '../../components/forms/PageForm.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { roleOptions } from '../../components/options/sources.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { CreatePage } from '../../layouts/CreatePage.tsx';
import { queryClient } from '../../query-client.ts';
import { announce } from '../../util/announce.ts';
import { paths, scopePath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { placeName } from '../../util/places.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { bodyOf, fieldOf, useFarmForm } from './farm-form.ts';
import type { FarmForm } from './farm-form.ts';
import { FarmFields } from './FarmFields.tsx';

/** Reads what the form needs before it is shown, so that nothing in it moves. */
export const loader = scopedLoader((at) => queryClient.prefetchQuery(scopeQuery(at)));

/** Creates a farm in this environment; its roles come next, on its own page. */
export function Component() {
  const at = useScope();
  const { data: scope } = useSuspenseQuery(scopeQuery(at));
  return (
    <CreatePage
      {...{ at, scope }}
      title="New farm"
      section="farms"
      deed="create farms"
      reason={reasonAgainst(scope.actions.farmCreate)}
    >
      <NewFarmForm key={scopePath(at)} at={at} scope={scope} />
    </CreatePage>
  );
}

function NewFarmForm({ at, scope }: { at: PathScope; scope: ScopeInfo }) {
  const form = useFarmForm();
  const navigate = useNavigate();
  const operation = useCreateFarm(at);
  const sending = useFormChange({
    form,
    operation,
    change: (values) => operation.change({ body: bodyOf(values) }),
    fieldOf,
    onDone: ({ data }, { roleId: on }) => {
      announce(`${data.name} is created in ${placeName(scope)}. Add its roles, then launch it.`);
      void navigate(paths.farm(at, data.id, on === '' ? {} : { dialog: 'add-role', on }));
    },
  });
  return (
    <PageForm
      {...{ at, form, sending }}
      label="New farm"
      submitLabel={`Create farm in ${placeName(scope)}`}
      cancelTo={paths.farms(at)}
    >
      <FarmFields at={at} form={form} />
      <FirstRole at={at} form={form} />
      <p className="small dim">The farm will be yours. It starts nothing until it is launched.</p>
    </PageForm>
  );
}

/** The role that is put into the farm once it is there; the farm's page asks where it runs. */
function FirstRole({ at, form }: { at: PathScope; form: FarmForm }) {
  const { roleId } = form.values;
  return (
    <ObjectSelect
      inputWrapperOrder={helpBelow}
      label="First role (optional)"
      description="It is added next, in a place that it has an image for."
      placeholder="Name of a role"
      noun="role"
      source={roleOptions(at)}
      value={roleId === '' ? undefined : roleId}
      onChange={(id) => form.setFieldValue('roleId', id ?? '')}
    />
  );
}
