/** Of an answer with 202. */
export const laterDescription = 'Accepted; it is carried out shortly afterwards.';
