import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Column, Entity, Index, PrimaryColumn } from "typeorm";
import { EmailAddress } from "./scalars";

@ObjectType({
  simpleResolvers: true,
  description: "A person, as the identity provider last described them.",
})
@Directive('@key(fields: "id")')
@Entity("user_account")
@Index("user_account_email_index", ["email"], { where: "email_verified" })
@Index("user_account_without_search_text", ["id"], { where: "search_text IS NULL" })
export class User {
  @Field(() => ID, { description: "The identity provider's subject." })
  @PrimaryColumn("varchar", { length: 255 })
  id: string;

  @Field(() => String, { description: "Display name." })
  @Directive("@shareable")
  @Column("varchar", { length: 255 })
  name: string;

  @Field(() => EmailAddress, {
    nullable: true,
    description:
      "E-mail address. Visible to the person and, once verified, to members of a common organization. Null for others, and if there is none.",
  })
  @Directive("@shareable")
  @Column("varchar", { length: 254, nullable: true })
  email: string | null;

  @Column("boolean")
  emailVerified: boolean;

  /** When the identity provider issued the token: an older token does not overwrite a newer one. */
  @Column("timestamp with time zone", { precision: 3 })
  identityAt: Date;

  /** The text that searches match; see personSearchText. Null on rows written by an earlier version. */
  @Column("text", { nullable: true })
  searchText: string | null;

  /** The organization that is theirs from sign-up on; null once they have handed it on. */
  @Column("uuid", { nullable: true })
  personalOrganizationId?: string | null;

  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;
}
