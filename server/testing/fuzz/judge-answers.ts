import type { LightMyRequestResponse } from 'fastify';
import { z } from 'zod';
import { answerSchema, type ErrorEnvelope, errorEnvelopeSchema } from '#contract/envelope.ts';
import { errorStatus } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';

/** What is wrong with an answer, or undefined. */
export function findProblem(
  spec: OperationSpec,
  answer: LightMyRequestResponse,
): string | undefined {
  if (answer.statusCode >= 500) return `answers ${answer.statusCode}`;
  const succeeded = answer.statusCode < 300;
  if (succeeded && spec.kind === 'csv') return undefined;
  const envelope: unknown = answer.json();
  const parsed = (succeeded ? answerSchema(spec) : errorEnvelopeSchema).safeParse(envelope);
  if (!parsed.success) return z.prettifyError(parsed.error);
  // A member that the contract does not have is lost in parsing.
  if (JSON.stringify(sorted(parsed.data)) !== JSON.stringify(sorted(envelope)))
    return 'answers with members that the contract does not have';
  if (succeeded) return undefined;
  const [error] = (parsed.data as ErrorEnvelope).errors;
  if (!error || error.message.length < 10 || error.message.length > 2_000)
    return 'says too little, or too much';
  const { code } = error;
  return errorStatus[code] === answer.statusCode ? undefined : `${code} with ${answer.statusCode}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
