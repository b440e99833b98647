/** The dialogs about scopes, by their names in the address. */
export const scopeDialogs = [
  'new-account',
  'new-environment',
  'rename-scope',
  'delete-scope',
] as const;
export type ScopeDialogName = (typeof scopeDialogs)[number];
