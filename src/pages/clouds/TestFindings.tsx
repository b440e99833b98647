import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';

import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { Notice } from '../../components/Notice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';

import { AwsPolicies } from './AwsPolicies.tsx';
import type { CredentialsDialogProps } from './credentials-dialog.ts';
import { rightTitle } from './cloud-words.ts';
import { OpenstackRoles } from './OpenstackRoles.tsx';

type Test = NonNullable<CloudCredentials['test']>;
type Finding = Test['findings'][number];

const columns: readonly Column<Finding>[] = [
  { id: 'right', header: 'Right', isName: true, cell: ({ right }) => rightTitle(right) },
  {
    id: 'isThere',
    header: 'In the cloud',
    width: '8rem',
    cell: ({ isThere }) => (isThere ? 'Yes' : 'No'),
  },
  { id: 'words', header: 'What the cloud says', cell: ({ words }) => words },
];
const rightOf = ({ right }: Finding) => right;

/** What the last test of cloud credentials found; while one goes on, it is awaited here. */
export function TestFindings({ credentials, onClose }: CredentialsDialogProps) {
  const { name, status, test } = credentials;
  return (
    <Dialog title={`Test of ${name}`} onClose={onClose} size="lg">
      <DialogBody>
        <div aria-live="polite">
          {status === 'testing' && <p>The cloud is being asked ...</p>}
          {status !== 'testing' && test === null && <p>They were not tested since they changed.</p>}
          {status !== 'testing' && test !== null && <Found test={test} />}
        </div>
        {credentials.cloudCredentialsType === 'AwsCloudCredentials' && <AwsPolicies />}
        {credentials.cloudCredentialsType === 'OpenstackCloudCredentials' && <OpenstackRoles />}
        <DialogActions changes={noChanges}>
          <ActionButton variant="filled" onClick={onClose}>
            Done
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}

function Found({ test }: { test: Test }) {
  if (test.error !== null) return <Notice tone="danger">{test.error}</Notice>;
  return (
    <>
      <p>
        The cloud answered <RelativeTime at={test.at} />.
      </p>
      <DataTable
        label="Rights in the cloud"
        columns={columns}
        rows={test.findings}
        rowKey={rightOf}
        rowLabel={(finding) => rightTitle(finding.right)}
        empty={null}
      />
    </>
  );
}
