/**
 * Why bars that do not hold do not, by the name of their row: from profiles of it, with the numbers of
 * the day they were taken. Shown above the tables only while the row says that its bar does not hold.
 */
export const reasons: Record<string, string> = {
  'changes carried out':
    'the clients, the server and PostgreSQL share two cores and use them up. A change takes 1.7 to 2.5 ms of the server (a third of it handing statements to PostgreSQL), 1.8 to 2.7 ms of PostgreSQL (eight statements and the commit) and half a millisecond of the client; 600 a second would leave 3.3 ms for all. Fewer statements for a change are the way on.',
  'Rows of images after a first visit, slow device and network':
    'at a quarter of the processor the code is there after 0.4 s, and everything after that is work: 0.2 s to evaluate it, 0.5 s to render the frame and the first 24 rows, 0.2 s to lay out and paint them. In quiet minutes of the same day half of the visits stayed under 1.5 s.',
  'Next page of images':
    'the median is below the bar; the day before, on the same code, the 95th percentile was 95 ms, and rows of this run whose code had not changed took a fifth longer.',
};
