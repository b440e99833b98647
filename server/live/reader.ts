import { Readable } from 'node:stream';
import type { Moved } from '#contract/live.ts';

/** Whoever leaves so much unread has stopped reading, and is let go: they come again and are told all of it. */
const mostUnread = 262_144;

/** One stream of Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export class Reader {
  /** It gives what it is told, whenever that is. */
  readonly stream = new Readable({ read: () => undefined });
  #hasEnded = false;

  tell(moved: Moved): void {
    this.#push(`id: ${moved.position}\nevent: moved\ndata: ${JSON.stringify(moved)}\n\n`);
  }

  /** Says that all is well, and from where to go on. */
  beat(position: number): void {
    this.#push(`id: ${position}\nevent: beat\ndata: ${position}\n\n`);
  }

  end(): void {
    this.#push(null);
  }

  #push(text: string | null): void {
    if (this.#hasEnded || this.stream.destroyed) return;
    this.#hasEnded = text === null;
    if (this.stream.readableLength > mostUnread) this.stream.destroy();
    else this.stream.push(text);
  }
}
