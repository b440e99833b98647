/**
 * Why bars that do not hold do not, by the name of their row. Shown under the table only while the row
 * says that its bar does not hold.
 */
export const reasons: Record<string, string> = {};
