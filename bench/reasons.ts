const stalls =
  'the median is near its floor; two or three of its thirty calls met one of the stalls of 20 to 50 ms that this machine has in noisy hours, and the floor of this row met none.';

/**
 * Why bars that do not hold do not, by the name of their row: from profiles of it, with the numbers of
 * the day they were taken. Shown above the tables only while the row says that its bar does not hold.
 */
export const reasons: Record<string, string> = {
  'changes carried out':
    'the clients, the server and PostgreSQL share two cores and use them up. In a quiet half hour of 2026-11-23 this code carried out 596 to 618 changes a second, with 1.2 ms of the server, 1.3 ms of PostgreSQL and 0.6 ms of the client for each; in the noisy hours around it 310 to 460, every one of the three taking half as long again (the code of the day before: 360 to 440 in the quiet half hour). Statements are planned once, and the facts of a change are asked for together; what is left is the work of the statements themselves and a round trip for each step.',
  'first page: big account': stalls,
  'by farm role: typical account': stalls,
  'Rows of images after a first visit, slow device and network':
    'at a quarter of the processor the code is there after 0.5 s, and everything after that is work: 0.1 s to evaluate it, 0.5 s to render the rows in sight, 0.2 s to lay out and paint them; the frame around them comes after. In turns with the code before, on the same machine, the median is 12 % lower (1.65 s against 1.88 s); the code before had 1.45 s in a quiet minute.',
  'From the list to an image':
    'the median is far below the bar; the run was in a noisy hour of the machine, and the slowest of its visits are just above it.',
};
