import type { MigrationInterface, QueryRunner } from "typeorm";

/** The events about one person over all organizations, and the few that concern every member or two of them. */
export class IndexEventsOfPeople1764815000000 implements MigrationInterface {
  name = "IndexEventsOfPeople1764815000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX organization_event_person_index ON organization_event ((data ->> 'userId'), organization_id, sequence)
      WHERE (data ->> 'userId') IS NOT NULL`);
    await runner.query(`
      CREATE INDEX organization_event_members_index ON organization_event (organization_id, sequence)
      WHERE type IN ('organization.deleted', 'organization.restored', 'ownership.transferred')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX organization_event_members_index");
    await runner.query("DROP INDEX organization_event_person_index");
  }
}
