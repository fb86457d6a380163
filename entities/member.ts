import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from "typeorm";
import { OrganizationRole } from "../src/domain/role";
import { DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "A person's membership in an organization." })
@Directive('@key(fields: "id")')
@Entity("member")
@Unique(["organizationId", "userId"])
@Unique(["organizationId", "id"])
@Index(["organizationId", "joinedAt", "id"])
@Index(["userId", "joinedAt", "id"])
@Index("member_owners_index", ["organizationId"], { where: "role = 'OWNER'" })
@Check("member_role_check", "role IN ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')")
export class Member {
  @Field(() => ID, { description: "Id of the membership." })
  @PrimaryColumn("uuid")
  id: string;

  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @Column("uuid")
  organizationId: string;

  @ForeignKey("User")
  @Column("varchar", { length: 255 })
  userId: string;

  @Field(() => OrganizationRole, { description: "The person's role in the organization." })
  @Column("varchar", { length: 16 })
  role: OrganizationRole;

  @Field(() => DateTime, { description: "When the person joined." })
  @Column("timestamp with time zone", { precision: 3 })
  joinedAt: Date;

  @ForeignKey("User")
  @Column("varchar", { length: 255, nullable: true })
  invitedById: string | null;

  /** Midnight, in UTC, of the day on which the person last used the platform; null if that is unknown. */
  @Column("timestamp with time zone", { precision: 3, nullable: true })
  lastSeenAt: Date | null;
}
