import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { InvitationDelivery, InvitationStatus } from "../src/domain/invitation";
import { OrganizationRole } from "../src/domain/role";
import { DateTime, EmailAddress } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "An invitation of an e-mail address to an organization." })
@Directive('@key(fields: "id")')
@Entity("invitation")
@Index("invitation_one_pending", ["organizationId", "email"], { unique: true, where: "status = 'PENDING'" })
@Index(["organizationId", "createdAt", "id"])
@Index(["email"])
@Index(["expiresAt"], { where: "status = 'PENDING'" })
@Check("invitation_role_check", "role IN ('ADMIN', 'DEVELOPER', 'VIEWER')")
@Check("invitation_status_check", "status IN ('PENDING', 'ACCEPTED', 'DECLINED', 'CANCELED', 'EXPIRED')")
@Check("invitation_delivery_check", "delivery IN ('QUEUED', 'SENT', 'FAILED')")
export class Invitation {
  @Field(() => ID)
  @PrimaryColumn("uuid")
  id: string;

  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @Column("uuid")
  organizationId: string;

  @Field(() => EmailAddress)
  @Column("varchar", { length: 254 })
  email: string;

  @Field(() => OrganizationRole)
  @Column("varchar", { length: 16 })
  role: OrganizationRole;

  @Field(() => InvitationStatus, { description: "A PENDING invitation past its date reads as EXPIRED." })
  @Column("varchar", { length: 16 })
  status: InvitationStatus;

  @Field(() => InvitationDelivery, { description: "Delivery state of the latest e-mail." })
  @Column("varchar", { length: 16 })
  delivery: InvitationDelivery;

  @ForeignKey("User")
  @Column("varchar", { length: 255, nullable: true })
  invitedById: string | null;

  @Field(() => DateTime)
  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;

  /** When the latest e-mail was queued, by inviting or resending. */
  @Column("timestamp with time zone", { precision: 3 })
  queuedAt: Date;

  /** Counts queued e-mails, so that the job of an earlier one does nothing. */
  @Column("integer")
  sendNumber: number;

  @Field(() => DateTime, { nullable: true })
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  lastSentAt: Date | null;

  @Field(() => DateTime)
  @Column("timestamp with time zone", { precision: 3 })
  expiresAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was accepted, declined or canceled; null before." })
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  respondedAt: Date | null;
}
