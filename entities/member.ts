import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from "typeorm";
import { OrganizationRole } from "../src/domain/role";
import { DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "A person's membership in an organization." })
@Directive('@key(fields: "id")')
@Entity("member")
@Unique(["organizationId", "userId"])
@Index(["id"])
@Index(["organizationId", "joinedAt", "id"])
@Index(["userId", "joinedAt", "id"])
// Indexes of expressions, which TypeORM cannot express.
@Index("member_organization_id_name_key_index", { synchronize: false })
@Index("member_organization_id_role_index", { synchronize: false })
@Index("member_organization_id_last_seen_index", { synchronize: false })
@Index("member_role_name_index", { synchronize: false })
@Index("member_role_last_seen_index", { synchronize: false })
@Index("member_search_keys_index", { synchronize: false })
@Index("member_managers_index", ["organizationId", "joinedAt", "id"], { where: "role IN ('OWNER', 'ADMIN')" })
@Index("member_owners_index", ["organizationId"], { where: "role = 'OWNER'" })
@Check("member_role_check", "role IN ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')")
export class Member {
  @Field(() => ID, { description: "Id of the membership." })
  @PrimaryColumn("uuid")
  id: string;

  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
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

  /** The beginning of the folded name, by which members are sorted. A trigger copies it from the person, as the next. */
  @Column("text", { default: "" })
  nameKey?: string;

  @Column("text", { default: "" })
  searchText?: string;
}
