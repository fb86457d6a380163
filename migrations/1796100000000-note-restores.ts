import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * For databases that are restored from a backup: the identity of the server and database to which the rows belong, and
 * every restore.
 */
export class NoteRestores1796100000000 implements MigrationInterface {
  name = "NoteRestores1796100000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE database_identity (
        id boolean NOT NULL DEFAULT true,
        identity text NOT NULL,
        CONSTRAINT database_identity_pkey PRIMARY KEY (id),
        CONSTRAINT database_identity_one_row_check CHECK (id)
      )
    `);
    await runner.query(`
      CREATE TABLE database_restore (
        number integer GENERATED ALWAYS AS IDENTITY,
        epoch varchar(36) NOT NULL,
        last_position bigint NOT NULL,
        restored_at timestamp(3) with time zone NOT NULL,
        CONSTRAINT database_restore_pkey PRIMARY KEY (number),
        CONSTRAINT database_restore_epoch_key UNIQUE (epoch)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE database_restore");
    await runner.query("DROP TABLE database_identity");
  }
}
