import { PassThrough } from 'node:stream';
import type { Moved } from '#contract/live.ts';

/** Whoever leaves so much unread has stopped reading, and is let go: they come again and are told all of it. */
const mostUnread = 262_144;
const bufferBytes = 1_024;

/** One stream of Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export class Reader {
  readonly stream = new PassThrough({
    readableHighWaterMark: bufferBytes,
    writableHighWaterMark: bufferBytes,
  });

  tell(moved: Moved): void {
    this.#write(`id: ${moved.position}\nevent: moved\ndata: ${JSON.stringify(moved)}\n\n`);
  }

  /** Says that all is well, and from where to go on. */
  beat(position: number): void {
    this.#write(`id: ${position}\nevent: beat\ndata: ${position}\n\n`);
  }

  end(): void {
    this.stream.end();
  }

  #write(text: string): void {
    if (this.stream.writableEnded || this.stream.destroyed) return;
    if (this.stream.writableLength + this.stream.readableLength > mostUnread) this.stream.destroy();
    else this.stream.write(text);
  }
}
