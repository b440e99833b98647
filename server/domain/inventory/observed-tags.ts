type Tags = Readonly<Record<string, string>>;

/** Of the group, or else what its servers agree on. */
export function ownerOf(tags: readonly Tags[], name: string): string | null {
  const [own, ...others] = tags.map((each) => each[name]?.trim() || undefined);
  if (own !== undefined) return own;
  const said = new Set(others.filter((value) => value !== undefined));
  const [first] = said;
  return said.size === 1 && first !== undefined ? first : null;
}

/** Tools that set a group up say so in its tags; what they did not change is drift to them. */
export function managerOf(tags: Tags): 'terraform' | 'cloudformation' | null {
  const names = Object.keys(tags);
  if (names.some((name) => name.startsWith('aws:cloudformation:'))) return 'cloudformation';
  const isTerraform = Object.entries(tags).some(
    ([name, value]) =>
      /^(managed[-_ ]?by|provisioner|terraform)$/i.test(name) && /terraform|true/i.test(value),
  );
  return isTerraform ? 'terraform' : null;
}
