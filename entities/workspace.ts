import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { CloudProvider } from "../src/domain/workspace";
import { DateTime } from "./scalars";

@ObjectType({
  simpleResolvers: true,
  description: "A place for agents, connections and knowledge bases. Belongs to one organization.",
})
@Directive('@key(fields: "id")')
@Entity("workspace")
@Index(["id"])
@Index(["organizationId", "nameKey"], { unique: true, where: "deleted_at IS NULL" })
@Index(["organizationId", "nameLooks"], { unique: true, where: "deleted_at IS NULL" })
// A GIN index of trigrams, which TypeORM cannot express.
@Index("workspace_name_key_search_index", { synchronize: false })
@Index("workspace_without_looks", ["id"], { where: "name_looks IS NULL AND deleted_at IS NULL" })
@Index(["organizationId", "createdAt", "id"], { where: "deleted_at IS NULL" })
@Index("workspace_one_default", ["organizationId"], { unique: true, where: "is_default" })
@Check("workspace_cloud_provider_check", "cloud_provider IN ('AWS', 'GCP', 'AZURE')")
@Check("workspace_default_stays_check", "NOT (is_default AND deleted_at IS NOT NULL)")
export class Workspace {
  @Field(() => ID, { description: "Id of the workspace." })
  @PrimaryColumn("uuid")
  id: string;

  @ForeignKey("Organization", { onDelete: "CASCADE" })
  @PrimaryColumn("uuid")
  organizationId: string;

  @Field(() => String, { description: "Name, unique among the organization's workspaces." })
  @Column("varchar", { length: 255 })
  name: string;

  /** Equal for names that count as the same; see nameKey. Can be longer than the name. */
  @Column("text")
  nameKey: string;

  /**
   * Equal for names that look the same; see nameLooks. Null if it is too long for an index, and on the newer of two
   * workspaces that looked the same before the rule existed.
   */
  @Column("text", { nullable: true })
  nameLooks: string | null;

  @Field(() => String, { nullable: true, description: "Free text about the workspace. Null if there is none." })
  @Column("varchar", { length: 1000, nullable: true })
  description: string | null;

  @Field(() => CloudProvider, { description: "Cloud provider that the workspace works with. Cannot be changed later." })
  @Column("varchar", { length: 8 })
  cloudProvider: CloudProvider;

  @Field(() => Boolean, { description: "Whether it is the organization's default workspace, which cannot be deleted." })
  @Column("boolean")
  isDefault: boolean;

  @Field(() => DateTime, { description: "When the workspace was created." })
  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;

  @Field(() => DateTime, { description: "When the name or the description last changed." })
  @Column("timestamp with time zone", { precision: 3 })
  updatedAt: Date;

  @Column("timestamp with time zone", { precision: 3, nullable: true })
  deletedAt: Date | null;
}
