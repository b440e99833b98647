import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { FastifyReply } from 'fastify';
import type { AnswerHead } from '../perform.ts';

type Row = readonly (string | number | null)[];

/**
 * Streams rows as they come, so that any number of them needs little memory. When whoever reads is gone, or
 * the signal says so, it breaks off: that is no error, and what was sent shows that it is not whole.
 * @throws what reading the first rows throws, before anything is sent: a refusal has a status then
 */
export async function sendCsv(
  reply: FastifyReply,
  rows: AsyncIterable<Row>,
  head: AnswerHead,
  { name, signal }: { name: string; signal: AbortSignal },
): Promise<void> {
  const begun = await begin(rows);
  reply.hijack();
  const headers = reply.getHeaders();
  reply.raw.writeHead(200, {
    ...headers,
    ...(head.revision !== undefined && { 'x-revision': head.revision }),
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${name}.csv"`,
  } as Record<string, string>);
  // RFC 4180 ends lines with CR LF; quotes keep spreadsheets that split at ; from splitting a text; the mark in front lets spreadsheets read UTF-8.
  await pipeline(
    Readable.from(begun),
    stringify({ record_delimiter: 'windows', bom: true, quoted_string: true }),
    reply.raw,
    { signal },
  ).catch((error: unknown) => {
    if (!signal.aborted && !isBrokenOff(error)) throw error;
    reply.log.info(signal.aborted ? 'an export took too long' : 'an export was broken off');
    reply.raw.destroy();
  });
}

/** Reads the line of headers and the first row, and goes on from there. */
async function begin(rows: AsyncIterable<Row>): Promise<AsyncIterable<Row>> {
  const iterator = rows[Symbol.asyncIterator]();
  const read = [await iterator.next(), await iterator.next()];
  return (async function* () {
    for (const { done, value } of read) if (done !== true) yield value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
}

/** By the reader: before the end, or while something was being sent. */
function isBrokenOff(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return [
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_STREAM_UNABLE_TO_PIPE',
    'ECONNRESET',
    'EPIPE',
  ].includes(code);
}
