import { useLocalStorage } from '@mantine/hooks';

/** A choice that this browser remembers, the same in all its tabs. */
export function usePreference<Value>(
  name: string,
  fallback: Value,
): [value: Value, set: (value: Value) => void] {
  const [value, setValue] = useLocalStorage<Value>({
    key: `slipway.${name}`,
    defaultValue: fallback,
    getInitialValueInEffect: false,
  });
  return [value, setValue];
}
