import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';

import type { PathScope } from '../../util/paths.ts';

import { AddCredentials } from './AddCredentials.tsx';
import { AttachCredentials } from './AttachCredentials.tsx';
import { DeleteCredentials } from './DeleteCredentials.tsx';
import { EditCredentials } from './EditCredentials.tsx';
import { RotateSecret } from './RotateSecret.tsx';
import { TestFindings } from './TestFindings.tsx';
import type { CloudDialog } from './use-cloud-actions.ts';

interface CloudDialogsProps {
  at: PathScope;
  name: CloudDialog | undefined;
  /** Which credentials it is about. */
  subject: CloudCredentials | undefined;
  onClose: () => void;
}

/** The dialog that the address names. */
export function CloudDialogs({ at, name, subject, onClose }: CloudDialogsProps) {
  if (name === 'add') return <AddCredentials {...{ at, onClose }} />;
  if (name === undefined || subject === undefined) return null;
  const about = { at, credentials: subject, onClose };
  if (name === 'findings') return <TestFindings {...about} />;
  if (name === 'edit') return <EditCredentials {...about} />;
  if (name === 'rotate') return <RotateSecret {...about} />;
  if (name === 'delete') return <DeleteCredentials {...about} />;
  return at.scope === 'account' ? (
    <AttachCredentials {...{ credentials: subject, onClose }} accountId={at.accountId} />
  ) : null;
}
