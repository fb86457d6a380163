import type { MigrationInterface, QueryRunner } from "typeorm";
import { withShortLocks } from "./support/online";

/**
 * Stores three things about removed events. For each run of removed events: its place in the log, and the hash of its
 * last event, which the next event's hash covers. For each log: how far the job has searched it. Over all
 * organizations: the newest removed event of each type, to refuse cursors that have not seen it.
 */
export class RemoveOldEvents1796400000000 implements MigrationInterface {
  name = "RemoveOldEvents1796400000000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // A foreign key locks the table that it refers to.
    for (const table of TABLES) await withShortLocks(runner, [table]);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ["newest_removed_event", "event_removal", "removed_event_range"]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

const TABLES = [
  `
  CREATE TABLE IF NOT EXISTS removed_event_range (
    organization_id uuid NOT NULL,
    first_sequence integer NOT NULL,
    last_sequence integer NOT NULL,
    last_hash bytea NOT NULL,
    CONSTRAINT removed_event_range_pkey PRIMARY KEY (organization_id, first_sequence),
    CONSTRAINT removed_event_range_order_check CHECK (first_sequence <= last_sequence),
    CONSTRAINT removed_event_range_organization_id_fkey
      FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE
  )`,
  `
  CREATE TABLE IF NOT EXISTS event_removal (
    organization_id uuid NOT NULL,
    checked_to integer NOT NULL,
    CONSTRAINT event_removal_pkey PRIMARY KEY (organization_id),
    CONSTRAINT event_removal_organization_id_fkey
      FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE
  )`,
  `
  CREATE TABLE IF NOT EXISTS newest_removed_event (
    type varchar(64) NOT NULL,
    feed_position bigint NOT NULL,
    log_id uuid NOT NULL,
    sequence integer NOT NULL,
    CONSTRAINT newest_removed_event_pkey PRIMARY KEY (type)
  )`,
];
