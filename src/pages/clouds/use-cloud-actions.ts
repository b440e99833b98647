import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';

import { useTestCloudCredentials } from '../../api/cloud-credentials.ts';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { announce } from '../../util/announce.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

export const cloudDialogs = ['add', 'findings', 'edit', 'rotate', 'attach', 'delete'] as const;
export type CloudDialog = (typeof cloudDialogs)[number];

const noSecret =
  'There is no secret: an LXD has one where it has a url, AWS where it has an access key.';
const inAccount = 'Open the account: environments are attached there.';

/** What can be done with cloud credentials of a list, and the dialog that is open. */
export function useCloudActions(at: PathScope) {
  const dialog = useDialog(cloudDialogs);
  const test = useTestCloudCredentials(at);
  const begin = ({ id, name }: CloudCredentials) =>
    test.mutate(test.change({ params: { cloudCredentialsId: id }, body: {} }), {
      onSuccess: () => dialog.open('findings', id),
      onError: (problem) => announce(`${name} was not tested. ${problem.message}`, 'danger'),
    });
  const actions = (row: CloudCredentials): ActionItem[] => {
    const update = reasonAgainst(row.actions?.update);
    const opens = (name: CloudDialog) => () => dialog.open(name, row.id);
    return [
      {
        id: 'test',
        label: 'Test',
        disabledReason: reasonAgainst(row.actions?.test),
        onSelect: () => begin(row),
      },
      { id: 'findings', label: 'Show last test', onSelect: opens('findings') },
      {
        id: 'edit',
        label: 'Edit name and rights',
        disabledReason: update,
        onSelect: opens('edit'),
      },
      {
        id: 'rotate',
        label: 'Replace the secret',
        disabledReason: (row.url ?? row.accessKey ?? row.keystoneUrl) == null ? noSecret : update,
        onSelect: opens('rotate'),
      },
      {
        id: 'attach',
        label: 'Attach to environments',
        disabledReason: at.scope === 'account' ? undefined : inAccount,
        onSelect: opens('attach'),
      },
      {
        id: 'delete',
        label: 'Delete',
        danger: true,
        startsGroup: true,
        disabledReason: reasonAgainst(row.actions?.delete),
        onSelect: opens('delete'),
      },
    ];
  };
  return { actions, dialog };
}
