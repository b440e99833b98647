/** Processor architectures of machine images. */
export const architectures = ['i386', 'x86_64', 'aarch64'] as const;
