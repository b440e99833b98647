import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import type { Level } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import { CliClient, type Command, downloadSpecs, type Printed, sendTo } from './cli-client.ts';
import { createTenant, randomName } from './harness.ts';
import { createKey } from './signed-client.ts';

type Rest = Omit<Command, 'level' | 'method' | 'route'>;
type Arguments = [level: Level, method: Command['method'], route: string, rest?: Rest];

/** The command line of a Corporate administrator, at an environment and an account of their own. */
export interface Commands {
  cli: CliClient;
  /** Runs a command; the route is what stands behind the scope. */
  run(...args: Arguments): Promise<Printed>;
  /** The data that a command printed last; fails the test where it did not go well. */
  dataOf<T = Record<string, never>>(...args: Arguments): Promise<T>;
  registerImage(level: Level): Promise<string>;
  createRole(level: Level): Promise<number>;
}

const prefixes: Record<Level, string> = { user: '/{envId}', account: '/{accountId}', global: '' };

export async function openCommands(app: FastifyInstance, db: Db): Promise<Commands> {
  const { corporateAdmin, account, environment } = await createTenant(db);
  const send = sendTo(app);
  const key = await createKey(db, corporateAdmin.email);
  const cli = new CliClient(send, key, await downloadSpecs(send));
  const scope = { envId: environment.environmentId, accountId: account.accountId };
  const run = (...[level, method, route, rest = {}]: Arguments) =>
    cli.run({
      level,
      method,
      route: prefixes[level] + route,
      ...rest,
      params: { ...scope, ...rest.params },
    });
  const dataOf = async <T>(...args: Arguments): Promise<T> => {
    const printed = await run(...args);
    expect(printed.stderr).toEqual([]);
    expect(printed.exitCode).toBe(0);
    return printed.stdout.at(-1)?.['data'] as T;
  };
  return {
    cli,
    run,
    dataOf,
    registerImage: async (level) =>
      (await dataOf<{ id: string }>(level, 'POST', '/images/', { stdin: newImage() })).id,
    createRole: async (level) =>
      (await dataOf<{ id: number }>(level, 'POST', '/roles/', { stdin: newRole() })).id,
  };
}

export const newImage = () => ({
  name: randomName('image'),
  cloudPlatform: 'ec2',
  cloudLocation: 'us-east-1',
  cloudImageId: randomName('ami'),
  os: { id: 'ubuntu-24-04' },
  architecture: 'x86_64',
});

export const newRole = () => ({
  name: randomName('role'),
  category: { id: 1 },
  os: { id: 'ubuntu-24-04' },
  useScalrAgent: false,
});
