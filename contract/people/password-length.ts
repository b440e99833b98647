/** Of passwords, in characters: docs/domain.md, "Passwords". */
export const shortestPassword = 8;
export const advisedPassword = 15;
export const longestPassword = 128;
