import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import type { CancellationReason } from "../src/domain/accepting";
import { type DeliveryProblem, InvitationDelivery, InvitationStatus } from "../src/domain/invitation";
import { OrganizationRole } from "../src/domain/role";
import { DateTime, EmailAddress } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "An invitation of an e-mail address to join an organization." })
@Directive('@key(fields: "id")')
@Entity("invitation")
@Index("invitation_one_pending", ["organizationId", "email"], { unique: true, where: "status = 'PENDING'" })
@Index(["organizationId", "createdAt", "id"])
@Index(["email"])
@Index(["expiresAt"], { where: "status = 'PENDING'" })
@Index(["id"])
@Index("invitation_overdue_index", ["organizationId", "expiresAt"], { where: "status = 'PENDING'" })
@Index("invitation_inviter_index", ["organizationId", "invitedById"], { where: "status = 'PENDING'" })
@Check("invitation_role_check", "role IN ('ADMIN', 'DEVELOPER', 'VIEWER')")
@Check("invitation_status_check", "status IN ('PENDING', 'ACCEPTED', 'DECLINED', 'CANCELED', 'EXPIRED')")
@Check("invitation_cancellation_reason_check", "cancellation_reason IN ('INVITER_MAY_NOT_INVITE', 'ALREADY_A_MEMBER')")
// A GIN index of trigrams, which TypeORM cannot express.
@Index("invitation_email_search_index", { synchronize: false })
@Check("invitation_delivery_check", "delivery IN ('QUEUED', 'SENT', 'FAILED')")
@Check("invitation_delivery_problem_check", "delivery_problem IN ('REJECTED', 'UNREACHABLE')")
export class Invitation {
  @Field(() => ID, { description: "Id of the invitation." })
  @PrimaryColumn("uuid")
  id: string;

  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
  organizationId: string;

  @Field(() => EmailAddress, { description: "The invited address." })
  @Column("varchar", { length: 254 })
  email: string;

  @Field(() => OrganizationRole, { description: "Role that the invitee gets in the organization." })
  @Column("varchar", { length: 16 })
  role: OrganizationRole;

  @Field(() => InvitationStatus, {
    description: "State of the invitation. A pending one reads as EXPIRED after its expiry date.",
  })
  @Column("varchar", { length: 16 })
  status: InvitationStatus;

  @Field(() => InvitationDelivery, { description: "Delivery state of the latest invitation e-mail." })
  @Column("varchar", { length: 16 })
  delivery: InvitationDelivery;

  /** Why the latest mail failed. Null unless the delivery is FAILED, and for failures of earlier versions. */
  @Column("varchar", { length: 16, nullable: true })
  deliveryProblem: DeliveryProblem | null;

  @ForeignKey("User")
  @Column("varchar", { length: 255, nullable: true })
  invitedById: string | null;

  @Field(() => DateTime, { description: "When the address was first invited." })
  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;

  /** When the latest e-mail was queued, by inviting or resending. */
  @Column("timestamp with time zone", { precision: 3 })
  queuedAt: Date;

  /** Counts queued e-mails, so that the job of an earlier one does nothing. */
  @Column("integer")
  sendNumber: number;

  @Field(() => DateTime, { nullable: true, description: "When the latest e-mail was sent. Null until one was sent." })
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  lastSentAt: Date | null;

  @Field(() => DateTime, { description: "When the invitation expires, seven days after it was sent or resent." })
  @Column("timestamp with time zone", { precision: 3 })
  expiresAt: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it was accepted, declined or canceled. Null before that.",
  })
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  respondedAt: Date | null;

  /** Why the service canceled it on its own; null otherwise. */
  @Column("varchar", { length: 32, nullable: true })
  cancellationReason: CancellationReason | null;
}
