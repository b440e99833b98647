/** Why a form cannot be sent while somebody else's change of the same object is shown in it. */
export const chooseFirst = 'Choose first whether to keep yours or take theirs.';
