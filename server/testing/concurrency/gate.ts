/** Lets a few through at once; the others wait for their turn, however long. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** @param most how many at once */
export function makeGate(most: number): Gate {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (inside >= most) await new Promise<void>((turn) => waiting.push(turn));
    else inside += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
