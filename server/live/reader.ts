import type { Writable } from 'node:stream';
import type { Moved } from '#contract/live.ts';

/** Whoever leaves so much unread has stopped reading, and is let go: they come again and are told all of it. */
const mostUnread = 262_144;

/** One stream of Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export class Reader {
  readonly #answer: Writable;

  /** @param answer what is told goes into it at once: a stream in between took more memory than all the rest */
  constructor(answer: Writable) {
    this.#answer = answer;
  }

  tell(moved: Moved): void {
    this.#write(`id: ${moved.position}\nevent: moved\ndata: ${JSON.stringify(moved)}\n\n`);
  }

  /** Says that all is well, and from where to go on. */
  beat(position: number): void {
    this.#write(`id: ${position}\nevent: beat\ndata: ${position}\n\n`);
  }

  end(): void {
    if (!this.#answer.destroyed) this.#answer.end();
  }

  #write(text: string): void {
    if (this.#answer.writableEnded || this.#answer.destroyed) return;
    if (this.#answer.writableLength > mostUnread) this.#answer.destroy();
    else this.#answer.write(text);
  }
}
