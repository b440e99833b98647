import { cliRoutes } from './cli-routes.ts';
import type { OperationSpec } from '../operation.ts';
import type { Level } from '../scope.ts';

type Method = OperationSpec['method'];

/** Verbs of lists and their objects, where a path names no action. */
const verbs: Record<Method, string> = {
  GET: 'get',
  POST: 'create',
  PATCH: 'update',
  DELETE: 'delete',
};

/** Commands that are called otherwise than their path says. */
const irregular: Record<string, string> = {
  'POST /images/': 'images register',
  'POST /servers/': 'servers launch',
  'POST /farm-roles/{farmRoleId}/servers/': 'farm-roles launch-server',
  'GET /farm-roles/{farmRoleId}/servers/': 'farm-roles list-servers',
  'POST /environments/{envId}/clouds/{cloud}/': 'clouds replace',
  'GET /farms/{farmId}/servers/': 'farms list-servers',
};

/**
 * There, and no use: the first fails in the program itself before it sends anything; the others have a
 * path that Slipway serves in part, so that no specification lists it.
 */
const broken = new Set([
  'POST /roles/{roleId}/actions/promote/',
  'GET /farm-roles/{farmRoleId}/scaling/',
  'POST /farm-roles/{farmRoleId}/scaling/',
  'PATCH /farm-roles/{farmRoleId}/scaling/',
]);

/**
 * The words of the `scalr-ctl` command for a path of a level, such as `account role-images replace`;
 * undefined where it has none that works.
 * @param path as the contract has it, below the scope
 */
export function findCliCommand(level: Level, method: Method, path: string): string | undefined {
  const route = `${method} ${path}`;
  const methods = cliRoutes[level][path]?.split(' ') ?? [];
  if (!methods.includes(method) || broken.has(route)) return undefined;
  const scope = level === 'user' ? '' : `${level} `;
  return scope + (irregular[route] ?? regularCommand(method, path));
}

function regularCommand(method: Method, path: string): string {
  const [nouns = '', action] = path.split('/actions/');
  const isList = nouns.endsWith('s/');
  const [noun = '', part] = nouns.split('/').filter((step) => /^[a-z]/.test(step));
  // Images of a role are a group of their own; so are farm roles, which are in farms.
  const group = part === undefined ? noun : part === 'images' ? 'role-images' : part;
  const verb = action?.replace('/', '') ?? (method === 'GET' && isList ? 'list' : verbs[method]);
  return `${group} ${verb}`;
}
