/** A piece of the guide: shell text, and what stands below it as its output. */
export interface Block {
  shell: string;
  /** Undefined where nothing may be printed. */
  output: string | undefined;
}

const fence = /^```sh\n(?<shell>.*?)^```\n(?:\n^```text\n(?<output>.*?)^```\n)?/gms;

/** The blocks of the guide, in their order. */
export function readBlocks(markdown: string): Block[] {
  return Array.from(markdown.matchAll(fence), ({ groups }) => ({
    shell: groups?.['shell'] ?? '',
    output: groups?.['output'],
  }));
}

/** The guide with other outputs, one for each block; those that only differ in what varies stay. */
export function withOutputs(markdown: string, outputs: readonly string[]): string {
  let index = 0;
  return markdown.replaceAll(fence, (whole, shell: string, told: string | undefined) => {
    const came = outputs[index++] ?? '';
    if (mask(came) === mask(told ?? '')) return whole;
    return `\`\`\`sh\n${shell}\`\`\`\n\n\`\`\`text\n${came}\`\`\`\n`;
  });
}

/** Without ids, times and keys, which no two runs have in common. */
export function mask(output: string): string {
  return output
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '(id)')
    .replaceAll(/APIK[0-9A-Z]{16}/g, '(key)')
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '(time)');
}
