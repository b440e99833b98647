import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { awsActingPolicy, awsReadPolicy } from '../contract/clouds/aws-policies.ts';
import { projectFolder } from './project.mjs';

const papers = globSync('{README,CONTRIBUTING,docs/**/*}.md', { cwd: projectFolder });
const ignored = readFileSync(join(projectFolder, '.gitignore'), 'utf8')
  .replaceAll('/', '')
  .split('\n');
const folders = readdirSync(projectFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !ignored.includes(entry.name))
  .map((entry) => entry.name);

test.each(papers)('%s names only files and folders that are there', (paper) => {
  const prose = readFileSync(join(projectFolder, paper), 'utf8').replaceAll(/^```.*?^```/gms, '');
  const named = [
    ...findPaths(prose),
    ...findLinks(prose).map((link) => join(dirname(paper), link)),
  ];
  expect(named.filter((path) => globSync(path, { cwd: projectFolder }).length === 0)).toEqual([]);
});

test('the papers name paths', () => {
  expect(papers.length).toBeGreaterThan(5);
  expect(findPaths('`src/api/<noun>.ts`, `npm test`, `/api/docs`, `data/secrets.key`')).toEqual([
    'src/api/*.ts',
  ]);
});

/** Paths in code spans: those that begin with a folder of the project. `<noun>` stands for any. */
function findPaths(markdown) {
  return Array.from(markdown.matchAll(/`([^`\s]+)`/g), ([, span]) => span)
    .filter((span) => folders.includes(span.split('/')[0]) && span.includes('/'))
    .map((span) => span.replaceAll(/<\w+>/g, '*'));
}

/** Targets of links that lead to other files of the project, without their headings. */
function findLinks(markdown) {
  return Array.from(markdown.matchAll(/\]\(([^)#\s]+)/g), ([, target]) => target).filter(
    (target) => !/^\w+:/.test(target),
  );
}

test.each([
  ['reading', awsReadPolicy],
  ['acting', awsActingPolicy],
])('docs/operations.md shows the policy for %s that the page shows', (_, policy) => {
  const paper = readFileSync(join(projectFolder, 'docs/operations.md'), 'utf8');
  const shown = [...paper.matchAll(/```json\n([^`]+)```/g)].map(([, text]) => JSON.parse(text));
  expect(shown).toContainEqual(policy);
});
