import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A deliberate defect, and the test that must notice it. */
export interface Mutant {
  /** What is wrong then, in words; unique. */
  defect: string;
  /** The file that gets the defect. Paths are those of the project, with `/`. */
  file: string;
  /** Text that stands in the file exactly once: short, and nothing that a tidying would touch. */
  find: string;
  replace: string;
  /** A test file: `*.test.ts`, or `e2e/*.spec.ts` for what only a browser shows. */
  test: string;
  /** Part of the test's full name, `describe > test`. */
  name: string;
}

/** Why a defect cannot be made in a project as it is now, and what to do; undefined if it can. */
export function findAnchorProblem(folder: string, mutant: Mutant): string | undefined {
  for (const path of [mutant.file, mutant.test])
    if (!existsSync(join(folder, path)))
      return `${path} is not there any more. Give the entry in mutants/list/ the file that it has become.`;
  const times = readFileSync(join(folder, mutant.file), 'utf8').split(mutant.find).length - 1;
  if (times === 1) return undefined;
  return `Its text stands ${times} times in ${mutant.file}, not once. Give the entry in mutants/list/ another "find" than: ${mutant.find}`;
}

/** The text with the defect in it. */
export function withDefect(text: string, { find, replace }: Mutant): string {
  return text.split(find).join(replace);
}
