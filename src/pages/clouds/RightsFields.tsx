import { Checkbox } from '@mantine/core';
import { actingRights } from '#contract/clouds/acting-rights.ts';
import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';

import { rightTitle } from './cloud-words.ts';

type Rights = CloudCredentials['rights'];

interface RightsFieldsProps {
  rights: Rights;
  onChange: (rights: Rights) => void;
}

/** What Slipway may change in the cloud. */
export function RightsFields({ rights, onChange }: RightsFieldsProps) {
  const change = (on: string[]) =>
    onChange(
      Object.fromEntries(actingRights.map((right) => [right, on.includes(right)])) as Rights,
    );
  return (
    <Checkbox.Group
      label="What Slipway may change there"
      value={actingRights.filter((right) => rights[right])}
      onChange={change}
    >
      {actingRights.map((right) => (
        <Checkbox key={right} value={right} label={rightTitle(right)} mt="xs" />
      ))}
    </Checkbox.Group>
  );
}
