import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';

import type { PathScope } from '../../util/paths.ts';

/** What a dialog about cloud credentials gets. */
export interface CredentialsDialogProps {
  at: PathScope;
  credentials: CloudCredentials;
  onClose: () => void;
}
