import { z } from 'zod';

/** What was backed up. */
export const headerSchema = z.object({
  slipway: z.string(),
  at: z.iso.datetime(),
  /** The migrations that the database had, in order. */
  migrations: z.array(z.string()).min(1),
});
const tableSchema = z.object({ name: z.string(), columns: z.array(z.string()).min(1) });
/** What must have arrived. */
export const footerSchema = z.object({
  /** Rows by table. */
  rows: z.record(z.string(), z.number()),
  /** The last number given out, by sequence; null for one that was never used. */
  sequences: z.record(z.string(), z.string().nullable()),
});

export type BackupTable = z.output<typeof tableSchema>;

/** One piece of a backup: the header, then tables each followed by its rows, then the footer. */
export type Frame =
  | { kind: 'header'; value: z.output<typeof headerSchema> }
  | { kind: 'table'; value: BackupTable }
  /** Some bytes of what COPY gives. */
  | { kind: 'rows'; value: Buffer }
  | { kind: 'footer'; value: z.output<typeof footerSchema> };

const marks = { header: 'H', table: 'T', rows: 'R', footer: 'F' } as const;
/** The kind and the length in bytes. */
const headBytes = 5;

export async function* toBytes(frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  for await (const frame of frames) {
    const body = frame.kind === 'rows' ? frame.value : Buffer.from(JSON.stringify(frame.value));
    const head = Buffer.alloc(headBytes);
    head.write(marks[frame.kind], 0);
    head.writeUInt32BE(body.length, 1);
    yield head;
    yield body;
  }
}

/** The frames in a stream of bytes, one in memory at a time. */
export async function* framesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (rest.length < headBytes) break;
      const end = headBytes + rest.readUInt32BE(1);
      if (rest.length < end) break;
      yield parse(String.fromCharCode(rest.readUInt8(0)), rest.subarray(headBytes, end));
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) throw new Error('The backup ends in the middle of a frame.');
}

function parse(mark: string, body: Buffer): Frame {
  if (mark === marks.rows) return { kind: 'rows', value: body };
  const json: unknown = JSON.parse(body.toString('utf8'));
  if (mark === marks.header) return { kind: 'header', value: headerSchema.parse(json) };
  if (mark === marks.table) return { kind: 'table', value: tableSchema.parse(json) };
  if (mark === marks.footer) return { kind: 'footer', value: footerSchema.parse(json) };
  throw new Error(`The backup holds an unknown frame "${mark}".`);
}
