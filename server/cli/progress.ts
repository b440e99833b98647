const WIDTH = 30;

/**
 * Shows how far a long command is, on stderr: one line that moves in a terminal, a line for each new step
 * elsewhere (logs keep what they are given).
 * @returns what to call before each step, with the part of the work that is done, from 0 to 1
 */
export function showProgress(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
): (step: string, done: number) => void {
  let last: string | undefined;
  return (step, done) => {
    const percent = `${Math.round(done * 100)} %`.padStart(5);
    if (stream.isTTY) {
      const bar = '#'.repeat(Math.round(done * WIDTH)).padEnd(WIDTH, '.');
      stream.write(`\r[${bar}] ${percent}  ${step.padEnd(16)}${done === 1 ? '\n' : ''}`);
    } else if (step !== last) {
      stream.write(`${percent}  ${step}\n`);
    }
    last = step;
  };
}
