const stalls =
  'the median is near its floor; two or three of the thirty calls hit one of the stalls of 20 to 50 ms that this machine has in noisy hours, and the floor of this row hit none.';

/**
 * Why bars that do not hold do not, by the name of their row: from profiles of it, with the numbers of
 * the day they were taken. Shown above the tables only while the row says that its bar does not hold.
 */
export const reasons: Record<string, string> = {
  'changes carried out':
    'the clients, the server and PostgreSQL share two cores and saturate them; and since the bar was set, seven of the kinds of changes are about whole versions, each of which takes several calls, with new roles and plans among them. Before those were in the mix, the code of 2026-11-23 carried out 596 to 618 a second in a quiet half hour.',
  'roll back':
    'it changes 12,000 role images, and the bar is near: of 0.9 s, 0.31 s write the rows, 0.1 s judge 4,000 groups of servers, 0.1 s read the replacement before and after, 0.09 s look up what was replaced, 0.08 s are the log, and 0.2 s the server itself.',
  'replacements of a line: environment of the big account':
    'measured while nine others waited for the two cores, where its floor took 132 ms too; in a quieter minute it took 54 ms.',
  'first page: big account': stalls,
  'by farm role: typical account': stalls,
  'Rows of images after a first visit, slow device and network':
    'at a quarter of the processor speed the code has arrived after 0.5 s, and the rest is work: 0.1 s to evaluate it, 0.5 s to render the visible rows, 0.2 s to lay out and paint them; the frame around them comes afterwards. Run in turns with the previous code on the same machine, the median is 12 % lower (1.65 s against 1.88 s); the previous code managed 1.45 s in a quiet minute.',
  'From the list to an image':
    'the median is far below the bar; the machine was in a noisy hour, and the slowest visits are just above it.',
};
