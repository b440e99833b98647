import { userRoles } from '#contract/permissions.ts';
import { type Actor, type Credential, credentials, placements } from './actors.ts';

/** What became of a request: `+` it was allowed, `-` and `s` refused, `.` not there, `x` not signed in. */
export type Outcome = '+' | '-' | 's' | '.' | 'x';
type Outcomes = ReadonlyMap<string, Outcome>;

export const caseKey = (actor: Pick<Actor, 'role' | 'placement'>, credential: Credential) =>
  `${actor.placement} ${actor.role} ${credential}`;

/** In place of what was not asked. */
const unknown = '?';

export const head = `Who may do what. It is written by the test beside it, and read as a difference.

Each operation stands at each level where it is, with what nobody gets who is not signed in. Below it, for each
credential: what somebody gets whose one right is at Corporate, at the account of the request, at its environment, at
another environment of that account, at another account, or nowhere; at each place as viewer, operator, image manager,
publisher and administrator. The narrowed key reaches the environment of the request alone.

  +  allowed    -  refused: PermissionViolation    s  refused: ScopeViolation    .  not there    x  not signed in

            Corporate  account  environment  sibling  elsewhere  nowhere
`;

const widths = [9, 7, 11, 7, 9, 7];

/** The lines of one operation at one level. */
export function toLines(name: string, nobody: Outcome, outcomes: Outcomes): string[] {
  const lines = credentials.map((credential) => {
    const cells = placements.map((placement) =>
      userRoles.map((role) => outcomes.get(caseKey({ role, placement }, credential)) ?? unknown),
    );
    const nowhere = caseKey({ role: undefined, placement: undefined }, credential);
    const columns = [...cells.map((cell) => cell.join('')), outcomes.get(nowhere) ?? unknown];
    const row = columns.map((column, nth) => column.padEnd(widths[nth] ?? 0)).join('  ');
    return `  ${credential.padEnd(10)}${row}`.trimEnd();
  });
  return ['', `${name}, nobody ${nobody}`, ...lines];
}

/** A table with what was not asked in another one left out of it as well. */
export function maskedLike(text: string, other: string): string {
  const lines = other.split('\n');
  return text
    .split('\n')
    .map((line, nth) =>
      line.replaceAll(/./gu, (letter, at: number) =>
        lines[nth]?.[at] === unknown ? unknown : letter,
      ),
    )
    .join('\n');
}
