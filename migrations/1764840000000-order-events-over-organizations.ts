import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Gives every event a position over all organizations. Earlier events get none: the feed starts with this migration. A
 * trigger sets the position, because replicas of the earlier version write events during a deployment, too.
 */
export class OrderEventsOverOrganizations1764840000000 implements MigrationInterface {
  name = "OrderEventsOverOrganizations1764840000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TRIGGER organization_event_feed ON organization_event");
    await runner.query("DROP FUNCTION set_feed_position()");
    await runner.query("ALTER TABLE organization_event DROP COLUMN feed_position, DROP COLUMN feed_transaction");
    await runner.query("DROP TABLE event_feed");
  }
}

const UP = [
  `
      CREATE TABLE event_feed (
        id boolean NOT NULL DEFAULT true,
        transaction_offset bigint NOT NULL,
        CONSTRAINT event_feed_pkey PRIMARY KEY (id),
        CONSTRAINT event_feed_one_row_check CHECK (id)
      )
    `,
  `INSERT INTO event_feed (transaction_offset) VALUES (0)`,
  // Both stay null in earlier rows, so that the table is not rewritten.
  `ALTER TABLE organization_event ADD COLUMN feed_position bigint, ADD COLUMN feed_transaction bigint`,
  `
      CREATE INDEX organization_event_feed_position_index ON organization_event (feed_position)
        WHERE feed_position IS NOT NULL
    `,
  `
      CREATE INDEX organization_event_feed_transaction_index ON organization_event (feed_transaction)
        WHERE feed_transaction IS NOT NULL
    `,
  // A transaction can have got its id before it waited for the lock on the organization. Then an event with a lower
  // sequence may belong to a higher id: the position follows the sequence, and feed_transaction keeps the id.
  `
      CREATE FUNCTION set_feed_position() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        own bigint := pg_current_xact_id()::text::bigint + (SELECT transaction_offset FROM event_feed);
      BEGIN
        NEW.feed_position := greatest(own, (
          SELECT feed_position FROM organization_event
          WHERE organization_id = NEW.organization_id AND sequence = NEW.sequence - 1));
        IF NEW.feed_position > own THEN NEW.feed_transaction := own; END IF;
        RETURN NEW;
      END $$
    `,
  `
      CREATE TRIGGER organization_event_feed BEFORE INSERT ON organization_event
        FOR EACH ROW WHEN (NEW.feed_position IS NULL) EXECUTE FUNCTION set_feed_position()
    `,
];
