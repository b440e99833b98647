type Tags = Readonly<Record<string, string>>;

/** One line of what can be seen: what a cloud lets people write may be anything. */
export function visible(text: string): string {
  return text
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 255);
}

/** A name in the DNS, as near to what somebody called a server as can be. */
export function toHostname(name: string): string {
  const parts = name.normalize('NFKD').split('.');
  return parts
    .map((part) =>
      part
        .replaceAll(/[^A-Za-z0-9]+/g, '-')
        .slice(0, 63)
        .replaceAll(/^-+|-+$/g, ''),
    )
    .filter((part) => part !== '')
    .join('.')
    .slice(0, 253)
    .replace(/[-.]+$/, '');
}

/** Of the group, or else what its servers agree on. */
export function ownerOf(tags: readonly Tags[], name: string): string | null {
  const [own, ...others] = tags.map((each) => visible(each[name] ?? '') || undefined);
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
