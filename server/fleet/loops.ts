import { type CloudsSettings, openClouds, type SecretOpener } from '../cloud/clouds.ts';
import type { Db } from '../database/connection/connection.ts';
import { startActivity } from './activity.ts';
import { type BackupPlan, startBackups } from './backups.ts';
import { startBurnDown } from './burn-down.ts';
import { credentialsTests } from './credentials-tests.ts';
import { electLoop, type Elected, type LoopName } from './election.ts';
import { groupMoves } from './group-moves.ts';
import { startImageCopies } from './image-copies.ts';
import { startImageDeletions } from './image-deletions.ts';
import { startInventory } from './inventory.ts';
import { startKeeper } from './keeper.ts';
import { startNotices } from './notices.ts';
import { startForgettingAnswers } from './old-answers.ts';
import { type ContactSettings, startOwnerMessages } from './owner-messages.ts';
import { startOutboxLoop } from './outbox-loop.ts';
import { startPointers } from './pointers.ts';
import { startPolicies } from './policies.ts';
import { startRollouts } from './rollouts.ts';
import { serverJobs } from './server-jobs.ts';

export interface LoopState {
  name: LoopName;
  /** Whether it runs in this process. */
  isLeader: boolean;
  /** When it last looked for work here. */
  ranAt: Date | undefined;
}

/** One for each loop that leads, for as long as it leads, and some for what the loops do. */
export const loopConnections = 18;

/** Everything that goes on in the background, each in one of all the processes on the database. */
export class Loops {
  readonly #db: Db;
  readonly #onError: (error: unknown) => void;
  readonly #keepDays: number;
  readonly #cloud: CloudsSettings;
  readonly #contact: ContactSettings;
  readonly #backups: BackupPlan | undefined;
  readonly #elected = new Map<LoopName, Elected>();
  readonly #ranAt = new Map<LoopName, Date>();

  /**
   * @param keepDays of records that are of no use any more
   * @param cloud which one there is
   * @param contact how owners of farms are written to
   * @param backups where backups go, and how often; undefined for none from this process
   */
  constructor(
    db: Db,
    options: {
      onError: (error: unknown) => void;
      keepDays: number;
      cloud: CloudsSettings;
      contact: ContactSettings;
      backups?: BackupPlan | undefined;
    },
  ) {
    this.#db = db;
    this.#onError = options.onError;
    this.#keepDays = options.keepDays;
    this.#cloud = options.cloud;
    this.#contact = options.contact;
    this.#backups = options.backups;
  }

  /** @param secrets opens those of cloud credentials */
  start(secrets: SecretOpener | undefined): void {
    const [db, onError] = [this.#db, this.#onError];
    const cloudOf = openClouds(db, { ...this.#cloud, secrets });
    this.#elect('image-deletions', (onRun) => startImageDeletions(db, cloudOf, { onError, onRun }));
    this.#elect('image-copies', (onRun) => startImageCopies(db, cloudOf, { onError, onRun }));
    this.#elect('server-jobs', (onRun) =>
      startOutboxLoop(
        db,
        [...serverJobs(cloudOf), credentialsTests(cloudOf), groupMoves(cloudOf)],
        { onError, onRun },
      ),
    );
    this.#elect('keeper', (onRun) => startKeeper(db, { onError, onRun }));
    this.#elect('rollouts', (onRun) => startRollouts(db, { onError, onRun }));
    this.#elect('burn-down', (onRun) => startBurnDown(db, { onError, onRun }));
    this.#elect('activity', (onRun) => startActivity(db, { onError, onRun }));
    this.#elect('inventory', (onRun) => startInventory(db, cloudOf, { onError, onRun }));
    this.#elect('pointers', (onRun) => startPointers(db, cloudOf, { onError, onRun }));
    this.#elect('policies', (onRun) => startPolicies(db, { onError, onRun }));
    this.#elect('old-answers', (onRun) =>
      startForgettingAnswers(db, { onError, onRun, keepDays: this.#keepDays }),
    );
    const contact = this.#contact;
    const notices = {
      smtp: contact.smtp,
      allowsPrivate: contact.allowsPrivateWebhooks === true,
      secrets,
    };
    this.#elect('notices', (onRun) => startNotices(db, notices, { onError, onRun }));
    if (contact.smtp || contact.webhook)
      this.#elect('owner-messages', (onRun) => startOwnerMessages(db, contact, { onError, onRun }));
    const plan = this.#backups;
    if (plan) this.#elect('backups', (onRun) => startBackups(plan, { onError, onRun }));
  }

  #elect(name: LoopName, start: (onRun: () => void) => { stop(): Promise<void> }): void {
    const onRun = () => void this.#ranAt.set(name, new Date());
    const options = { onError: this.#onError };
    this.#elected.set(
      name,
      electLoop(this.#db, name, () => start(onRun), options),
    );
  }

  states = (): LoopState[] =>
    [...this.#elected].map(([name, { isLeader }]) => ({
      name,
      isLeader,
      ranAt: this.#ranAt.get(name),
    }));

  async stop(): Promise<void> {
    await Promise.all([...this.#elected.values()].map((elected) => elected.stop()));
  }
}
