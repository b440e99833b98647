import { CommandText } from '../../components/as-command/CommandText.tsx';

const reading = 'openstack role add --user slipway --project PROJECT reader';
const acting = 'openstack role add --user slipway --project PROJECT member';
const application = 'openstack application credential create slipway --role reader';

/** What to run at OpenStack where roles are missing. */
export function OpenstackRoles() {
  return (
    <>
      <details>
        <summary>The least that Slipway needs to read</summary>
        <p>A user of its own with the role reader in the project:</p>
        <CommandText text={reading} />
        <p>Or an application credential, made by somebody who has the role:</p>
        <CommandText text={application} />
      </details>
      <details>
        <summary>What it needs to act</summary>
        <p>The role member, which may change everything in the project:</p>
        <CommandText text={acting} />
      </details>
    </>
  );
}
