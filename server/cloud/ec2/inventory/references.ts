import type { InventoryFact } from '../../inventory.ts';

/** What the facts of a region refer to, and what of it is known already. */
export class References {
  /** Images that something refers to. */
  readonly images = new Set<string>();
  /** Those that were found. */
  readonly foundImages = new Set<string>();
  /** Pointers that templates refer to. */
  readonly pointers = new Set<string>();
  /** The versions of each template that groups pin, by number. */
  readonly versions = new Map<string, Set<string>>();

  note(facts: readonly InventoryFact[]): void {
    for (const fact of facts) this.#noteOne(fact);
  }

  #noteOne(fact: InventoryFact): void {
    if (fact.kind === 'image') this.foundImages.add(fact.cloudImageId);
    if (fact.kind === 'server' || fact.kind === 'template' || fact.kind === 'pointer')
      this.#noteImage(fact.cloudImageId);
    if (fact.kind === 'template' && fact.pointerName !== undefined)
      this.pointers.add(fact.pointerName);
    for (const boot of fact.kind === 'group' ? fact.boots : []) {
      if (boot.kind === 'image') this.#noteImage(boot.cloudImageId);
      else this.#noteVersion(boot);
    }
  }

  #noteImage(cloudImageId: string | undefined): void {
    if (cloudImageId !== undefined) this.images.add(cloudImageId);
  }

  #noteVersion({ templateId, version }: { templateId: string; version: string }): void {
    const known = this.versions.get(templateId) ?? new Set();
    if (/^\d+$/.test(version)) known.add(version);
    this.versions.set(templateId, known);
  }
}
