/** Of an answer with 202. */
export const laterDescription = 'Decided, and carried out within a short while.';
