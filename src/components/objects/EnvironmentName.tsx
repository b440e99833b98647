import { useScope } from '../../hooks/use-scope.ts';

interface EnvironmentNameProps {
  of: { envName: string; accountName: string };
}

/** An environment by name; at Corporate with its account, since many accounts have a `production`. */
export function EnvironmentName({ of: { envName, accountName } }: EnvironmentNameProps) {
  return useScope().scope === 'scalr' ? `${accountName} / ${envName}` : envName;
}
