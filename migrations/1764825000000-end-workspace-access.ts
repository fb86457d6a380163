import type { MigrationInterface, QueryRunner } from "typeorm";

/** Access to a workspace can have an end. The member gets a mail a day before. */
export class EndWorkspaceAccess1764825000000 implements MigrationInterface {
  name = "EndWorkspaceAccess1764825000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workspace_assignment
        ADD COLUMN expires_at timestamptz(3),
        ADD COLUMN warning_due_at timestamptz(3),
        ADD CONSTRAINT workspace_assignment_warning_due_at_check CHECK (warning_due_at < expires_at)`);
    await runner.query("ALTER TABLE invitation_workspace ADD COLUMN expires_at timestamptz(3)");
    await runner.query(`
      CREATE INDEX workspace_assignment_expires_at_index ON workspace_assignment (expires_at)
      WHERE expires_at IS NOT NULL`);
    await runner.query(`
      CREATE INDEX workspace_assignment_organization_id_expires_at_index ON workspace_assignment
      (organization_id, expires_at) WHERE expires_at IS NOT NULL`);
    await runner.query(`
      CREATE INDEX workspace_assignment_warning_due_at_index ON workspace_assignment (warning_due_at)
      WHERE warning_due_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE invitation_workspace DROP COLUMN expires_at");
    await runner.query(`
      ALTER TABLE workspace_assignment
        DROP CONSTRAINT workspace_assignment_warning_due_at_check,
        DROP COLUMN warning_due_at,
        DROP COLUMN expires_at`);
  }
}
