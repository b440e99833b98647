import type { WebhookSettings } from '../../contact/webhook.ts';
import { type Db, sealOf } from '../../database/connection/connection.ts';
import { startNotingHeads } from './heads.ts';
import { startCuttingRecords } from './keep-records.ts';

interface RecordSettings {
  headsFile: string | undefined;
  headsWebhook: WebhookSettings | undefined;
  keepRecordsDays: number;
}

/** What each process does for its records, beside writing them; the order of its start and its end is the caller's. */
export class RecordLoops {
  readonly #loops: { stop(): Promise<void> }[] = [];
  readonly #settings: RecordSettings;
  readonly #onError: (error: unknown) => void;

  constructor(settings: RecordSettings, onError: (error: unknown) => void) {
    this.#settings = settings;
    this.#onError = onError;
  }

  /** @param ownerUrl the same database, as the owner of its tables */
  start(db: Db, ownerUrl: string): void {
    const { headsFile: file, headsWebhook: webhook, keepRecordsDays: days } = this.#settings;
    const onError = this.#onError;
    this.#loops.push(
      startNotingHeads(db, { file, webhook, onError }),
      startCuttingRecords({ ownerUrl, days, seal: sealOf(db), file, onError }),
    );
  }

  /** Once nothing is written any more, so that what was written last is noted as well. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }
}
