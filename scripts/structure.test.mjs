import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from './project.mjs';

// How the project is laid out: CONTRIBUTING.md, "How we write". Who imports whom is linted (lint/layers.mjs).

const mostFiles = 40;
const roots = ['contract', 'server', 'src', 'e2e', 'bench', 'scripts', 'public'];
const isTest = (name) => /\.(?:test|spec)\.[a-z]+$/.test(name);

const read = (path) => readFileSync(join(projectFolder, path), 'utf8');

/** Every folder below one, itself included, by its path in the project. */
function foldersBelow(path) {
  const inside = readdirSync(join(projectFolder, path), { withFileTypes: true });
  return [
    path,
    ...inside
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => foldersBelow(`${path}/${name}`)),
  ];
}

test('no folder holds more files than one sees at a glance, tests aside', () => {
  const folders = roots
    .filter((path) => existsSync(join(projectFolder, path)))
    .flatMap(foldersBelow);
  const full = folders.filter((path) => {
    const files = readdirSync(join(projectFolder, path), { withFileTypes: true });
    return files.filter((entry) => entry.isFile() && !isTest(entry.name)).length > mostFiles;
  });
  expect(folders.length).toBeGreaterThan(50);
  expect(full).toEqual([]);
});

test('every migration is registered under the name of its file', () => {
  const registered = read('server/database/migrate.ts');
  const files = readdirSync(join(projectFolder, 'server/database/migrations'))
    .filter((name) => name.endsWith('.ts'))
    .filter((name) => read(`server/database/migrations/${name}`).includes('function up('))
    .map((name) => name.replace(/\.ts$/, ''));
  expect(files.length).toBeGreaterThan(5);
  const names = [...registered.matchAll(/^ {2}'(?<name>\d{4}-[a-z-]+)':/gm)];
  expect(names.map(({ groups }) => groups.name)).toEqual(files.toSorted());
});

test('every page pattern has a route, and every page an address', () => {
  const [, patterns = ''] =
    /export const pagePatterns = \{(.*?)\} as const/s.exec(read('src/util/paths.ts')) ?? [];
  const named = [...patterns.matchAll(/^ {2}(?<name>\w+):/gm)].map(({ groups }) => groups.name);
  const routes = read('src/routes.tsx');
  const routed = [...routes.matchAll(/pagePatterns\.(?<name>\w+)/g)].map(
    ({ groups }) => groups.name,
  );
  expect(named.length).toBeGreaterThan(5);
  expect(routed.toSorted()).toEqual(named.toSorted());
});

test('SQL stands in server/database alone, tests aside', () => {
  const elsewhere = readdirSync(join(projectFolder, 'server'), { recursive: true })
    .map((path) => path.replaceAll(sep, '/'))
    .filter(
      (path) => path.endsWith('.ts') && !isTest(path) && !/^(?:database|testing)\//.test(path),
    );
  const sql = /\bsql(?:<[^`]*>)?`|\.(?:selectFrom|insertInto|updateTable|deleteFrom)\(/;
  expect(elsewhere.length).toBeGreaterThan(50);
  expect(elsewhere.filter((path) => sql.test(read(`server/${path}`)))).toEqual([]);
});
