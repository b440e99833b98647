import { dirname, join, relative, sep } from 'node:path';
import { projectFolder } from '../project.mjs';

const unitOfWork =
  'server/perform.ts, server/operation-call.ts, server/unit-of-work.ts, server/answer-once.ts, server/restated.ts, server/operation-kinds.ts, server/look-ahead.ts, server/read-near.ts, server/services, server/auth, server/database, contract, packages';
const ofPages = 'src/api, src/components, src/hooks, src/util, contract, packages';

/**
 * Who may import whom, beside itself: docs/architecture.md, "Where things are". Of several that fit a file
 * the longest counts. `packages` are all but those that speak SQL.
 */
const layers = {
  contract: 'zod',
  'server/domain': 'contract',
  'server/database': 'contract, types of server/domain, packages, SQL',
  'server/auth': 'server/database, server/domain, contract, packages',
  'server/cloud': 'server/contact/private-addresses.ts, contract, packages',
  'server/contact': 'contract, packages',
  'server/cloud/create-cloud.ts': 'server/cloud, server/database, contract, packages',
  'server/cloud/clouds.ts': 'server/cloud, server/database, contract, packages',
  'server/cloud/simulated': 'server/cloud, server/database, contract, packages',
  'server/cloud/simulated.ts': 'server/cloud, server/database, contract, packages',
  'server/services':
    'server/domain, server/database, server/contact/private-addresses.ts, contract, packages, types of server/auth/secret-box.ts, types of SQL',
  // Signing in and out, and keys to sign with, are what auth is for.
  'server/services/people':
    'server/services, server/domain, server/database, server/auth, server/contact/private-addresses.ts, contract, packages',
  'server/perform.ts': unitOfWork,
  'server/operation-call.ts': unitOfWork,
  'server/fleet-step.ts': unitOfWork,
  'server/unit-of-work.ts': unitOfWork,
  'server/answer-once.ts': unitOfWork,
  'server/restated.ts': unitOfWork,
  'server/operation-kinds.ts': unitOfWork,
  'server/look-ahead.ts': unitOfWork,
  'server/read-near.ts': unitOfWork,
  'server/live': 'server/auth, server/database, contract, packages',
  'server/http':
    'server/perform.ts, server/auth, contract, packages, server/restated.ts, server/operation-kinds.ts, types of server/health.ts, types of server/live',
  'server/fleet':
    'server/perform.ts, server/fleet-step.ts, server/services, server/cloud, server/contact, server/database, contract, packages',
  // Commands are processes of their own: they take the same settings, and make links and keys.
  'server/cli':
    'server/perform.ts, server/services, server/cloud, server/database, server/auth, contract, packages, server/env.ts, types of server/env, server/listen.ts, server/provide-database.ts, server/version.ts',
  'server/env': 'server/auth, server/database, contract, packages',
  // What a process does at its start, which would make server/main.ts too long.
  'server/start':
    'server/*, server/env, server/http, server/fleet, server/auth, server/database, contract, packages',
  'server/testing': 'server, contract, scripts, packages, SQL',
  server:
    'server/env, server/start, server/http, server/live, server/fleet, server/services, server/auth, server/database, contract, packages',
  'src/util': 'contract, packages',
  'src/hooks': 'contract, src/util, types of src/components, packages',
  'src/api': 'contract, src/util, packages',
  'src/components': ofPages,
  'src/layouts': ofPages,
  'src/pages': `${ofPages}, src/layouts, src/query-client.ts`,
  src: 'src, contract, packages',
  e2e: 'contract, src/util, server/testing, packages',
  // What is measured stands beside its floor: the same statement without the server.
  bench:
    'contract, src/util, server/testing, server/fleet, server/database, server/auth, packages, SQL',
};

const ofTests = {
  contract: 'contract, packages',
  server: layers['server/testing'],
  src: 'src, contract, packages',
};
const sqlPackages = /^(?:kysely|pg|pg-.*)(?:\/|$)/;
const isTest = (file) => /\.test\.[a-z]+$/.test(file);
const isUnder = (path, name) =>
  path === name || path.startsWith(`${name}/`) || name === `${dirname(path)}/*`;

/** What a file may import, and the name under which its own files are. */
function layerOf(file) {
  const [top] = file.split('/');
  if (isTest(file) && top in ofTests) return { name: top, may: ofTests[top].split(', ') };
  const fitting = Object.keys(layers).filter((name) => isUnder(file, name));
  const [name] = fitting.toSorted((a, b) => b.length - a.length);
  if (name === undefined) return undefined;
  // No page imports a page of another area; what is below server/ has layers of its own.
  const own = { 'src/pages': file.split('/').slice(0, 3).join('/'), server: 'server/*' };
  return { name: own[name] ?? name, may: [own[name] ?? name, ...layers[name].split(', ')] };
}

/** Where an import leads: a path in the project, or `packages`, `SQL` or `zod`. */
function targetOf(file, specifier) {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return join(dirname(file), specifier).split(sep).join('/');
  if (specifier === 'zod') return file.startsWith('contract/') ? 'zod' : 'packages';
  return sqlPackages.test(specifier) ? 'SQL' : 'packages';
}

/**
 * @param file its path in the project, with slashes
 * @param specifier as the import has it
 * @param isType it imports nothing but types
 * @returns why the file may not import that, or undefined
 */
export function refusalOf(file, specifier, isType = false) {
  const layer = layerOf(file);
  if (layer === undefined) return undefined;
  const target = targetOf(file, specifier);
  const allowed = layer.may.some(
    (name) => isUnder(target, name) || (isType && isUnder(`types of ${target}`, name)),
  );
  if (allowed) return undefined;
  return `${layer.name} may import ${layer.may.filter((name) => name !== layer.name).join(', ')}; not ${target}.`;
}

function isTypeOnly({ importKind, exportKind, specifiers = [] }) {
  if (importKind === 'type' || exportKind === 'type') return true;
  return specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type');
}

function create(context) {
  const file = relative(projectFolder, context.filename).split(sep).join('/');
  const check = (node) => {
    if (typeof node.source?.value !== 'string') return;
    const message = refusalOf(file, node.source.value, isTypeOnly(node));
    if (message !== undefined) context.report({ node: node.source, message });
  };
  return {
    ImportDeclaration: check,
    ImportExpression: check,
    ExportNamedDeclaration: check,
    ExportAllDeclaration: (node) =>
      context.report({ node, message: 'No barrels: import from the file that has it.' }),
  };
}

/** A plugin of oxlint with one rule, `project/layers`. */
export default { meta: { name: 'project' }, rules: { layers: { create } } };
