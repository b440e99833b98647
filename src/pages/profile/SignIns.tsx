import { useQuery } from '@tanstack/react-query';

import { ownSignInListQuery } from '../../api/people/sign-in.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { signInColumns, signInKey, signInLabel } from '../../components/people/sign-in-columns.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';

/** How one signed in lately, and who failed to with one's address. */
export function SignIns() {
  const { data, error } = useQuery(ownSignInListQuery);
  return (
    <DetailSection title="Your latest sign-ins">
      <p className="dim">
        If something here was not you, change your password, end all other sessions above, and tell
        an administrator.
      </p>
      {error !== null && <ErrorNotice error={error} />}
      <DataTable
        label="Your latest sign-ins"
        columns={signInColumns}
        rows={data?.data}
        rowKey={signInKey}
        rowLabel={signInLabel}
        rowDetails={(row) => [signInKey(row)]}
        skeletonRows={3}
        empty={<EmptyState title="None yet" />}
      />
    </DetailSection>
  );
}
