import type { Envelope, ErrorEnvelope, Pagination, Warning } from '#contract/envelope.ts';
import { ApiError, errorStatus } from '#contract/errors.ts';
import type { ErrorCode } from '#contract/errors.ts';
import { unattendedHeader } from '#contract/live.ts';
import { planDigestHeader } from '#contract/plan-header.ts';
import type { Data, Meta, OperationId } from '#contract/operations.ts';

import { isAttended } from '../util/attendance.ts';
import { untilServerIsThere } from '../util/connection.ts';

import { requestOf } from './request.ts';
import type { At, Input } from './request.ts';

/** The envelope as it came, with the revision of the data (`<corporate>.<account>`). */
export interface Answer<Id extends OperationId> {
  data: Data<Id>;
  warnings: Warning[];
  pagination: Pagination | undefined;
  meta: { requestId: string } & (Meta<Id> extends undefined ? unknown : Meta<Id>);
  revision: string | undefined;
  /** Where in the order of changes it stands: whatever is told to have changed up to there is in it. */
  position: number | undefined;
}

/** The server gives up after 10 s by itself; this catches a connection that went dead. */
const timeoutMs = 30_000;

async function send(url: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(url, {
      ...init,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    // Whoever asked has lost interest: that is no failure.
    if (signal?.aborted === true) throw error;
    void untilServerIsThere();
    throw new ApiError(
      'ServiceUnavailable',
      timeout.aborted
        ? 'The server did not answer for 30 seconds. Try again; what you did may have been carried out.'
        : 'The server cannot be reached. Check that it runs and that you are connected, then try again.',
    );
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorStatus, code);
}

/** An answer from something else than Slipway, such as a proxy in between. */
function foreignError(status: number): ApiError {
  const isClient = status >= 400 && status < 500;
  return new ApiError(
    isClient ? 'BadRequest' : 'ServiceUnavailable',
    `The server answered ${status} without saying why. Try again in a moment.`,
  );
}

function errorOf(status: number, envelope: Partial<ErrorEnvelope> | undefined): ApiError {
  const [first] = envelope?.errors ?? [];
  if (first === undefined) return foreignError(status);
  const { code, message, ...details } = first;
  const error = new ApiError(
    isErrorCode(code) ? code : foreignError(status).code,
    message,
    details as ApiError['details'],
  );
  return Object.assign(error, { requestId: envelope?.meta?.requestId });
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function numberIn(header: string | null): number | undefined {
  return header === null ? undefined : Number(header);
}

/**
 * How somebody is asked to sign in again, for what wants that; set by what asks them. Resolves with whether to send
 * it once more.
 */
export const confirmation: { ask?: ((refusal: ApiError) => Promise<boolean>) | undefined } = {};

/** So long what asks them may take to come, right after the page did, in steps, in ms. */
const askerWaitMs = 3_000;
const askerStepMs = 100;

async function isConfirmed(refusal: ApiError): Promise<boolean> {
  for (let waited = 0; !confirmation.ask && waited < askerWaitMs; waited += askerStepMs)
    await new Promise((resolve) => setTimeout(resolve, askerStepMs));
  return (await confirmation.ask?.(refusal)) === true;
}

/**
 * Carries out one operation of the contract on the server: the only place that fetches.
 * Throws an ApiError with the server's code, message and details; where no answer came,
 * `ServiceUnavailable`. A signal that is aborted rejects with the browser's AbortError.
 */
export async function call<Id extends OperationId>(
  id: Id,
  at: At,
  input: Input<Id>,
  signal?: AbortSignal,
): Promise<Answer<Id>> {
  const { method, url, body, ifMatch, digest } = requestOf({ id, at, input });
  const response = await send(
    url,
    {
      method,
      credentials: 'same-origin',
      // No Accept: what the browser fetched ahead of the page fits only a request without.
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(digest === undefined ? {} : { [planDigestHeader]: digest }),
        ...(isAttended() ? {} : { [unattendedHeader]: '1' }),
      },
      ...(body === undefined ? {} : { body }),
    },
    signal,
  );
  const json = await readJson(response);
  // A proxy whose server is away, or a server that is starting.
  if (response.status > 501) void untilServerIsThere();
  if (!response.ok) {
    const error = errorOf(response.status, json as Partial<ErrorEnvelope> | undefined);
    if (error.code === 'ConfirmationRequired' && (await isConfirmed(error)))
      return call(id, at, input, signal);
    throw error;
  }
  if (typeof json !== 'object' || json === null) throw foreignError(response.status);
  const envelope = json as Envelope<Data<Id>>;
  return {
    data: envelope.data,
    warnings: envelope.warnings,
    pagination: envelope.pagination,
    meta: envelope.meta as Answer<Id>['meta'],
    revision: response.headers.get('x-revision') ?? undefined,
    position: numberIn(response.headers.get('x-position')),
  };
}
