import type { MigrationInterface, QueryRunner } from "typeorm";

/** Access reviews: the access of each member when the review started, and the decision on them. */
export class ReviewAccess1764830000000 implements MigrationInterface {
  name = "ReviewAccess1764830000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX organization_event_review_completed_index");
    await runner.query("DROP TABLE access_review_item");
    await runner.query("DROP TABLE access_review");
  }
}

const UP = [
  `
      CREATE TABLE access_review (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        name varchar(100) NOT NULL,
        status varchar(16) NOT NULL,
        started_at timestamptz(3) NOT NULL,
        started_by_id varchar(255),
        due_at timestamptz(3) NOT NULL,
        completed_at timestamptz(3),
        completed_by_id varchar(255),
        item_count integer NOT NULL,
        decided_count integer NOT NULL,
        reminders integer NOT NULL,
        CONSTRAINT access_review_pkey PRIMARY KEY (organization_id, id),
        CONSTRAINT access_review_status_check CHECK (status IN ('OPEN', 'COMPLETED', 'CANCELED')),
        CONSTRAINT access_review_completed_at_check CHECK ((status = 'COMPLETED') = (completed_at IS NOT NULL)),
        CONSTRAINT access_review_decided_count_check CHECK (decided_count BETWEEN 0 AND item_count),
        CONSTRAINT access_review_organization_id_fkey
          FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
        CONSTRAINT access_review_started_by_id_fkey FOREIGN KEY (started_by_id) REFERENCES user_account(id),
        CONSTRAINT access_review_completed_by_id_fkey FOREIGN KEY (completed_by_id) REFERENCES user_account(id)
      )
    `,
  "CREATE INDEX access_review_id_index ON access_review (id)",
  `
      CREATE INDEX access_review_organization_id_started_at_id_index
        ON access_review (organization_id, started_at, id)
    `,
  "CREATE UNIQUE INDEX access_review_one_open ON access_review (organization_id) WHERE status = 'OPEN'",
  "CREATE INDEX access_review_due_at_index ON access_review (due_at) WHERE status = 'OPEN'",
  `
      CREATE TABLE access_review_item (
        organization_id uuid NOT NULL,
        review_id uuid NOT NULL,
        position integer NOT NULL,
        id uuid NOT NULL,
        member_id uuid NOT NULL,
        user_id varchar(255) NOT NULL,
        user_name varchar(255) NOT NULL,
        role varchar(16) NOT NULL,
        grants jsonb NOT NULL,
        joined_at timestamptz(3) NOT NULL,
        last_seen_at timestamptz(3),
        owner_rank integer,
        decision varchar(16),
        decided_by_id varchar(255),
        decided_at timestamptz(3),
        note varchar(1000),
        new_role varchar(16),
        new_grants jsonb,
        outcome varchar(16),
        CONSTRAINT access_review_item_pkey PRIMARY KEY (organization_id, review_id, position),
        CONSTRAINT access_review_item_role_check CHECK (role IN ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')),
        CONSTRAINT access_review_item_new_role_check CHECK (new_role IN ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')),
        CONSTRAINT access_review_item_decision_check CHECK (decision IN ('KEEP', 'CHANGE', 'REMOVE')),
        CONSTRAINT access_review_item_outcome_check
          CHECK (outcome IN ('APPLIED', 'UNCHANGED', 'MEMBER_GONE', 'CHANGED_MEANWHILE')),
        CONSTRAINT access_review_item_organization_id_review_id_fkey
          FOREIGN KEY (organization_id, review_id) REFERENCES access_review(organization_id, id) ON DELETE CASCADE,
        CONSTRAINT access_review_item_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id),
        CONSTRAINT access_review_item_decided_by_id_fkey FOREIGN KEY (decided_by_id) REFERENCES user_account(id)
      )
    `,
  `
      CREATE UNIQUE INDEX access_review_item_organization_id_review_id_id_index
        ON access_review_item (organization_id, review_id, id)
    `,
  `
      CREATE INDEX access_review_item_undecided_index ON access_review_item (organization_id, review_id, position)
        WHERE decision IS NULL
    `,
  // Finds the event that completed a review. Its hash is the review's evidence.
  `
      CREATE INDEX organization_event_review_completed_index ON organization_event (organization_id, subject_id)
        WHERE type = 'access_review.completed'
    `,
];
