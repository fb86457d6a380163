import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Column, Entity, Index, PrimaryColumn } from "typeorm";
import { EmailAddress } from "./scalars";

@ObjectType({
  simpleResolvers: true,
  description: "A person. Identity belongs to the identity provider; this subgraph keeps what it was last told.",
})
@Directive('@key(fields: "id")')
@Entity("user_account")
// A GIN index of trigrams, which TypeORM cannot express.
@Index("user_account_search_text_index", { synchronize: false })
@Index("user_account_without_search_text", ["id"], { where: "search_text IS NULL" })
export class User {
  @Field(() => ID, { description: "The identity provider's subject." })
  @PrimaryColumn("varchar", { length: 255 })
  id: string;

  @Field(() => String)
  @Directive("@shareable")
  @Column("varchar", { length: 255 })
  name: string;

  @Field(() => EmailAddress, {
    nullable: true,
    description: "For the person and, once it is verified, for members of a common organization; null to anyone else.",
  })
  @Directive("@shareable")
  @Column("varchar", { length: 254, nullable: true })
  email: string | null;

  @Column("boolean")
  emailVerified: boolean;

  /** When the identity provider said so: an older token does not undo a newer one. */
  @Column("timestamp with time zone", { precision: 3 })
  identityAt: Date;

  /** What they are found by; see personSearchText in the domain. Null on rows that an earlier version wrote. */
  @Column("text", { nullable: true })
  searchText: string | null;

  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;
}
