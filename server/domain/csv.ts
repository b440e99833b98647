/** What a spreadsheet may hide in front of a formula: spaces, controls, marks that have no width. */
const unseen = /^[\s\p{C}\p{Z}]+/u;
/** Full-width and other variants of these become one of them by compatibility normalisation. */
const startsFormula = /^[=+\-@\u2212]/;

/**
 * A cell that no spreadsheet takes for a formula: text that could start one gets a single quote in
 * front. Numbers stay numbers, so that they can be summed. Rule: docs/domain.md, "Usage and staleness".
 * @returns the cell to write; null stays an empty cell
 */
export function safeCell(value: string | number | null): string | number | null {
  if (value === null || typeof value === 'number') return value;
  // None of the signs, nor of their variants, lies beyond the first 65,536 characters.
  const first = value.replace(unseen, '').charAt(0);
  const risky = startsFormula.test(first.normalize('NFKC')) || /^[\t\r\n]/.test(value);
  return risky ? `'${value}` : value;
}
