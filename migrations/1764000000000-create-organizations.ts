import type { MigrationInterface, QueryRunner } from "typeorm";

/** The tables of organizations, their people, workspaces, invitations, plans and event log. */
export class CreateOrganizations1764000000000 implements MigrationInterface {
  name = "CreateOrganizations1764000000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  "user_account",
  "organization",
  "organization_subscription",
  "organization_event",
  "member",
  "workspace",
  "workspace_assignment",
  "invitation",
  "invitation_workspace",
  "invitation_token",
  "idempotent_answer",
  "job_worker",
];

const UP = [
  `
      CREATE TABLE user_account (
        id varchar(255) NOT NULL,
        name varchar(255) NOT NULL,
        email varchar(254),
        email_verified boolean NOT NULL,
        identity_at timestamptz(3) NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT user_account_pkey PRIMARY KEY (id)
      )
    `,
  `
      CREATE TABLE organization (
        id uuid NOT NULL,
        name varchar(100) NOT NULL,
        description varchar(500),
        personal_for_id varchar(255),
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        deleted_at timestamptz(3),
        event_sequence integer NOT NULL DEFAULT 0,
        event_hash bytea,
        CONSTRAINT organization_pkey PRIMARY KEY (id),
        CONSTRAINT organization_personal_for_id_fkey
          FOREIGN KEY (personal_for_id) REFERENCES user_account(id)
      )
    `,
  `CREATE INDEX organization_deleted_at_index ON organization (deleted_at) WHERE deleted_at IS NOT NULL`,
  `
      CREATE UNIQUE INDEX organization_personal_for_id_index ON organization (personal_for_id)
        WHERE personal_for_id IS NOT NULL
    `,
  `
      CREATE TABLE organization_subscription (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        plan_code varchar(64) NOT NULL,
        status varchar(16) NOT NULL,
        billing_interval varchar(16) NOT NULL,
        started_at timestamptz(3) NOT NULL,
        current_period_start timestamptz(3) NOT NULL,
        current_period_end timestamptz(3) NOT NULL,
        scheduled_plan_code varchar(64),
        scheduled_interval varchar(16),
        CONSTRAINT organization_subscription_pkey PRIMARY KEY (id),
        CONSTRAINT organization_subscription_billing_interval_check CHECK (billing_interval IN ('MONTHLY', 'ANNUAL')),
        CONSTRAINT organization_subscription_status_check CHECK (status IN ('ACTIVE', 'TRIALING', 'PAST_DUE', 'CANCELED')),
        CONSTRAINT organization_subscription_organization_id_fkey
          FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE
      )
    `,
  `CREATE INDEX organization_subscription_current_period_end_index ON organization_subscription (current_period_end)`,
  `CREATE UNIQUE INDEX organization_subscription_organization_id_index ON organization_subscription (organization_id)`,
  `
      CREATE TABLE organization_event (
        organization_id uuid NOT NULL,
        sequence integer NOT NULL,
        type varchar(64) NOT NULL,
        occurred_at timestamptz(3) NOT NULL,
        actor_id varchar(255),
        actor_label varchar(300) NOT NULL,
        subject_id uuid,
        workspace_id uuid,
        summary text NOT NULL,
        data jsonb NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT organization_event_pkey PRIMARY KEY (organization_id, sequence),
        CONSTRAINT organization_event_organization_id_fkey
          FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE
      )
    `,
  `CREATE INDEX organization_event_organization_id_occurred_at_index ON organization_event (organization_id, occurred_at)`,
  `
      CREATE TABLE member (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        user_id varchar(255) NOT NULL,
        role varchar(16) NOT NULL,
        joined_at timestamptz(3) NOT NULL,
        invited_by_id varchar(255),
        CONSTRAINT member_pkey PRIMARY KEY (id),
        CONSTRAINT member_organization_id_id_key UNIQUE (organization_id, id),
        CONSTRAINT member_organization_id_user_id_key UNIQUE (organization_id, user_id),
        CONSTRAINT member_role_check CHECK (role IN ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')),
        CONSTRAINT member_organization_id_fkey
          FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
        CONSTRAINT member_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id),
        CONSTRAINT member_invited_by_id_fkey FOREIGN KEY (invited_by_id) REFERENCES user_account(id)
      )
    `,
  `CREATE INDEX member_organization_id_joined_at_id_index ON member (organization_id, joined_at, id)`,
  `CREATE INDEX member_user_id_index ON member (user_id)`,
  `
      CREATE TABLE workspace (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        name varchar(255) NOT NULL,
        name_key text NOT NULL,
        description varchar(1000),
        cloud_provider varchar(8) NOT NULL,
        is_default boolean NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        deleted_at timestamptz(3),
        CONSTRAINT workspace_pkey PRIMARY KEY (id),
        CONSTRAINT workspace_organization_id_id_key UNIQUE (organization_id, id),
        CONSTRAINT workspace_default_stays_check CHECK (NOT (is_default AND deleted_at IS NOT NULL)),
        CONSTRAINT workspace_cloud_provider_check CHECK (cloud_provider IN ('AWS', 'GCP', 'AZURE')),
        CONSTRAINT workspace_organization_id_fkey
          FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE
      )
    `,
  `
      CREATE INDEX workspace_organization_id_created_at_id_index ON workspace (organization_id, created_at, id)
        WHERE deleted_at IS NULL
    `,
  `CREATE UNIQUE INDEX workspace_one_default ON workspace (organization_id) WHERE is_default`,
  `
      CREATE UNIQUE INDEX workspace_organization_id_name_key_index ON workspace (organization_id, name_key)
        WHERE deleted_at IS NULL
    `,
  `
      CREATE TABLE workspace_assignment (
        workspace_id uuid NOT NULL,
        member_id uuid NOT NULL,
        organization_id uuid NOT NULL,
        role_override varchar(16),
        CONSTRAINT workspace_assignment_pkey PRIMARY KEY (workspace_id, member_id),
        CONSTRAINT workspace_assignment_role_override_check CHECK (role_override IN ('ADMIN', 'DEVELOPER', 'VIEWER')),
        CONSTRAINT workspace_assignment_organization_id_member_id_fkey
          FOREIGN KEY (organization_id, member_id) REFERENCES member(organization_id,id) ON DELETE CASCADE,
        CONSTRAINT workspace_assignment_organization_id_workspace_id_fkey
          FOREIGN KEY (organization_id, workspace_id) REFERENCES workspace(organization_id,id) ON DELETE CASCADE
      )
    `,
  `CREATE INDEX workspace_assignment_member_id_index ON workspace_assignment (member_id)`,
  `
      CREATE TABLE invitation (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        email varchar(254) NOT NULL,
        role varchar(16) NOT NULL,
        status varchar(16) NOT NULL,
        delivery varchar(16) NOT NULL,
        invited_by_id varchar(255),
        created_at timestamptz(3) NOT NULL,
        queued_at timestamptz(3) NOT NULL,
        send_number integer NOT NULL,
        last_sent_at timestamptz(3),
        expires_at timestamptz(3) NOT NULL,
        responded_at timestamptz(3),
        CONSTRAINT invitation_pkey PRIMARY KEY (id),
        CONSTRAINT invitation_delivery_check CHECK (delivery IN ('QUEUED', 'SENT', 'FAILED')),
        CONSTRAINT invitation_status_check CHECK (status IN ('PENDING', 'ACCEPTED', 'DECLINED', 'CANCELED', 'EXPIRED')),
        CONSTRAINT invitation_role_check CHECK (role IN ('ADMIN', 'DEVELOPER', 'VIEWER')),
        CONSTRAINT invitation_organization_id_fkey
          FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
        CONSTRAINT invitation_invited_by_id_fkey FOREIGN KEY (invited_by_id) REFERENCES user_account(id)
      )
    `,
  `CREATE INDEX invitation_email_index ON invitation (email) WHERE status = 'PENDING'`,
  `CREATE INDEX invitation_expires_at_index ON invitation (expires_at) WHERE status = 'PENDING'`,
  `CREATE INDEX invitation_organization_id_created_at_id_index ON invitation (organization_id, created_at, id)`,
  `
      CREATE UNIQUE INDEX invitation_one_pending ON invitation (organization_id, email)
        WHERE status = 'PENDING'
    `,
  `
      CREATE TABLE invitation_workspace (
        invitation_id uuid NOT NULL,
        workspace_id uuid NOT NULL,
        role_override varchar(16),
        CONSTRAINT invitation_workspace_pkey PRIMARY KEY (invitation_id, workspace_id),
        CONSTRAINT invitation_workspace_role_override_check CHECK (role_override IN ('ADMIN', 'DEVELOPER', 'VIEWER')),
        CONSTRAINT invitation_workspace_invitation_id_fkey
          FOREIGN KEY (invitation_id) REFERENCES invitation(id) ON DELETE CASCADE,
        CONSTRAINT invitation_workspace_workspace_id_fkey
          FOREIGN KEY (workspace_id) REFERENCES workspace(id) ON DELETE CASCADE
      )
    `,
  `CREATE INDEX invitation_workspace_workspace_id_index ON invitation_workspace (workspace_id)`,
  `
      CREATE TABLE invitation_token (
        token_hash bytea NOT NULL,
        invitation_id uuid NOT NULL,
        CONSTRAINT invitation_token_pkey PRIMARY KEY (token_hash),
        CONSTRAINT invitation_token_invitation_id_fkey
          FOREIGN KEY (invitation_id) REFERENCES invitation(id) ON DELETE CASCADE
      )
    `,
  `CREATE INDEX invitation_token_invitation_id_index ON invitation_token (invitation_id)`,
  `
      CREATE TABLE idempotent_answer (
        caller varchar(300) NOT NULL,
        key varchar(255) NOT NULL,
        request_hash bytea NOT NULL,
        outcomes jsonb NOT NULL DEFAULT '{}',
        response jsonb,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT idempotent_answer_pkey PRIMARY KEY (caller, key)
      )
    `,
  `CREATE INDEX idempotent_answer_created_at_index ON idempotent_answer (created_at)`,
  `
      CREATE TABLE job_worker (
        id varchar(128) NOT NULL,
        seen_at timestamptz(3) NOT NULL,
        CONSTRAINT job_worker_pkey PRIMARY KEY (id)
      )
    `,
];
