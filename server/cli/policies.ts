import type { Command } from 'commander';
import { uuid } from '#contract/fields.ts';
import type { ClientInput, OperationId } from '#contract/operations.ts';
import type { PolicyEvaluation, PolicyFinding } from '#contract/policies/evaluations.ts';
import type { Policy } from '#contract/policies/policies.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { addressOf } from '../auth/authorise.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { perform } from '../perform.ts';
import { findPolicyScope } from '../services/policies/evaluate-policy.ts';
import { cliActor } from './create.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { findScopeByText, SCOPE_FORMS } from './scope.ts';

type Run = (work: (context: CommandContext) => Promise<Answer>) => Promise<void>;

/** The commands that look at policies: docs/operations.md, "Policies". */
export function addPolicyCommands(program: Command, run: Run): void {
  const policies = program
    .command('policies')
    .description('what shall become of images as time passes');
  policies
    .command('list')
    .description(
      'list the policies of a scope, and those of higher ones that reach it; at most 100',
    )
    .option('--scope <scope>', SCOPE_FORMS, 'corporate')
    .action(async ({ scope }: { scope: string }) => {
      await run(async (context) => listPolicies(context, await findScopeByText(context.db, scope)));
    });
  policies
    .command('evaluate')
    .description('evaluate a policy now; it changes nothing but keeps what it found')
    .argument('<id>')
    .option('--all', 'also show what stays as it is')
    .action(async (id: string, { all = false }: { all?: boolean }) => {
      await run((context) => evaluatePolicy(context, id, all));
    });
}

async function call<Id extends OperationId>(
  { db }: CommandContext,
  operation: Id,
  at: ScopeRef,
  input: ClientInput<Id>,
) {
  const caller = { kind: 'system', name: cliActor() } as const;
  const { data, page } = await perform(db, {
    operation,
    caller,
    address: addressOf(at),
    input: input as never,
  });
  return { data, page };
}

async function listPolicies(context: CommandContext, at: ScopeRef): Promise<Answer> {
  const input = { params: {}, query: {}, body: undefined };
  const { data } = await call(context, 'policyList', at, input);
  const lines = data.map(
    ({ id, kind, mode, name }) => `${id}  ${kind.padEnd(9)} ${mode.padEnd(7)}  ${name}`,
  );
  return { text: lines.join('\n') || 'No policy is there.', json: data };
}

async function evaluatePolicy(
  context: CommandContext,
  text: string,
  all: boolean,
): Promise<Answer> {
  const at = await getScope(context, text);
  const params = { policyId: text.toLowerCase() };
  const { data: policy } = await call(context, 'policyGet', at, {
    params,
    query: {},
    body: undefined,
  });
  const made = await call(context, 'policyEvaluate', at, { params, query: {}, body: {} });
  const evaluation = made.data;
  const findings = await readFindings(context, at, { ...params, evaluationId: evaluation.id });
  const shown = all ? findings : findings.filter(({ verdict }) => verdict !== 'kept');
  return {
    text: [summary(policy, evaluation), ...shown.map(describe)].join('\n'),
    json: { evaluation, findings: shown },
  };
}

async function readFindings(
  context: CommandContext,
  at: ScopeRef,
  params: { policyId: string; evaluationId: string },
): Promise<PolicyFinding[]> {
  const findings: PolicyFinding[] = [];
  let cursor: string | null = 'start';
  while (cursor !== null) {
    const query = { cursor, maxResults: 100 } as never;
    const answer: Awaited<ReturnType<typeof call<'policyFindingList'>>> = await call(
      context,
      'policyFindingList',
      at,
      { params, query, body: undefined },
    );
    findings.push(...answer.data);
    cursor = answer.page?.kind === 'cursor' ? answer.page.next : null;
  }
  return findings;
}

/** The scope of a policy. @throws StartError */
async function getScope({ db }: CommandContext, text: string): Promise<ScopeRef> {
  const id = uuid.safeParse(text);
  const scope = id.success ? await findPolicyScope(db, id.data) : undefined;
  if (scope) return scope;
  throw new StartError(`"${text}" is not the id of a policy; policies list has them.`);
}

function summary(policy: Policy, { counts }: PolicyEvaluation): string {
  return `${policy.name} (${policy.kind}, ${policy.mode}): ${counts.due} due, ${counts.later} later, ${counts.kept} stay`;
}

const describe = ({ verdict, due, name, cloudLocation, why }: PolicyFinding): string =>
  [
    verdict.padEnd(5),
    due?.slice(0, 10) ?? ' '.repeat(10),
    [name, cloudLocation].filter(Boolean).join(' in '),
    why,
  ].join('  ');
