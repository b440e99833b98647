import { useQuery } from '@tanstack/react-query';
import type { RolePointer } from '#contract/roles/pointers.ts';
import type { Role } from '#contract/roles/roles.ts';

import { rolePointerListQuery } from '../../api/roles.ts';
import { CopyableId } from '../../components/CopyableId.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import type { PathScope } from '../../util/paths.ts';

const stateWord: Record<RolePointer['state'], string> = {
  published: 'Up to date',
  publishing: 'Being published',
  removing: 'Being removed',
  failed: 'Failed',
  stopped: 'Left as it was: the right is off',
};

/** Names in clouds that stand for what the role holds, for what starts servers there by itself. */
export function RolePointers({ at, role }: { at: PathScope; role: Role }) {
  const { data } = useQuery(rolePointerListQuery(at, role.id));
  const pointers = data?.data ?? [];
  const [first] = pointers;
  return (
    <DetailSection title="Pointers">
      {first === undefined ? (
        <p className="dim">
          None. Where cloud credentials let Slipway publish pointers, each place of the role on EC2
          gets a parameter of SSM that always names its image.
        </p>
      ) : (
        <>
          <ul>
            {pointers.map((pointer) => (
              <li key={pointer.id}>
                <CopyableId id={pointer.name} what="name" length={40} /> in {pointer.cloudLocation}{' '}
                ({pointer.credentials.name}): {stateWord[pointer.state]}
                {pointer.published !== null && (
                  <>
                    , {pointer.published.cloudImageId} <RelativeTime at={pointer.published.at} />
                  </>
                )}
                {pointer.error !== null && <span className="dim"> {pointer.error}</span>}
              </li>
            ))}
          </ul>
          <p className="dim">
            In a launch template: <code>resolve:ssm:{first.name}</code>. In Terraform:{' '}
            <code>{`data "aws_ssm_parameter" "image" { name = "${first.name}" }`}</code>. In Packer:{' '}
            <code>{`data "amazon-parameterstore" "image" { name = "${first.name}" }`}</code>.
          </p>
        </>
      )}
    </DetailSection>
  );
}
