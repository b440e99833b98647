import { NativeSelect } from '@mantine/core';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

type Architecture = ImageSet['architectures'][number];

interface ArchitectureFieldProps {
  architectures: readonly Architecture[];
  architecture: Architecture | undefined;
  setArchitecture: (architecture: Architecture | '') => void;
}

/** Which of its architectures a role takes of a version; nothing where there is one. */
export function ArchitectureField(props: ArchitectureFieldProps) {
  const { architectures, architecture, setArchitecture } = props;
  if (architectures.length < 2) return null;
  return (
    <NativeSelect
      label="Architecture"
      description="A role has one image in each place."
      data={[{ value: '', label: 'As the role has elsewhere' }, ...architectures]}
      value={architecture ?? ''}
      onChange={({ currentTarget: { value } }) =>
        setArchitecture(architectures.find((one) => one === value) ?? '')
      }
    />
  );
}
