import { Radio, Stack } from '@mantine/core';

import { WordHelp } from '../help/WordHelp.tsx';

import type { Reach } from './flow-names.ts';

interface ReachChoiceProps {
  reaches: readonly Reach[];
  value: string;
  onChange: (value: string) => void;
}

/** How far a replacement reaches; nothing where there is one way only. */
export function ReachChoice({ reaches, value, onChange }: ReachChoiceProps) {
  if (reaches.length < 2) return null;
  return (
    <Radio.Group
      label={
        <>
          How far it reaches
          <WordHelp word="reach" />
        </>
      }
      value={value}
      onChange={onChange}
    >
      <Stack gap={8} mt={4}>
        {reaches.map((reach) => (
          <Radio key={reach.value} value={reach.value} label={reach.label} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
