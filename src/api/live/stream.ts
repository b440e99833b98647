import { beatMs } from '#contract/live.ts';
import type { Moved } from '#contract/live.ts';

/** Until the server says that it is there: a proxy that gathers what passes through it never lets that by. */
const firstWordMs = 5_000;
const silenceMs = 2.5 * beatMs;
/** Whatever keeps the stream away may be over. */
const againMs = 30_000;

interface Listeners {
  /** Where to go on from: the address, with what is known. */
  address: () => string;
  onMoved: (moved: Moved) => void;
  onPosition: (position: number) => void;
  /** Whether the stream speaks. */
  onStreaming: (isStreaming: boolean) => void;
}

/** Listens to the server, and again where that ends. @returns how to stop */
export function listen({ address, onMoved, onPosition, onStreaming }: Listeners): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let isSpeaking = false;

  const giveUp = () => {
    source?.close();
    isSpeaking = false;
    onStreaming(false);
    window.clearTimeout(timer);
    timer = window.setTimeout(open, againMs);
  };
  const expectWithin = (ms: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(giveUp, ms);
  };
  const isThere = () => {
    isSpeaking = true;
    onStreaming(true);
    expectWithin(silenceMs);
  };
  function open() {
    source = new EventSource(address());
    expectWithin(firstWordMs);
    source.addEventListener('beat', ({ data }: MessageEvent<string>) => {
      isThere();
      onPosition(Number(data));
    });
    source.addEventListener('moved', ({ data }: MessageEvent<string>) => {
      isThere();
      onMoved(JSON.parse(data) as Moved);
    });
    source.addEventListener('error', () => {
      // Refused. Otherwise the browser connects again by itself, for as long as that is waited for.
      if (source?.readyState === EventSource.CLOSED) giveUp();
      else if (isSpeaking) expectWithin(firstWordMs);
      isSpeaking = false;
    });
  }
  open();
  return () => {
    source?.close();
    window.clearTimeout(timer);
  };
}
