import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Column, Entity, PrimaryColumn } from "typeorm";
import { EmailAddress } from "./scalars";

@ObjectType({
  simpleResolvers: true,
  description: "A person. Identity belongs to the identity provider; this subgraph keeps what it was last told.",
})
@Directive('@key(fields: "id")')
@Entity("user_account")
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
    description: "For the person and for members of a common organization; null to anyone else.",
  })
  @Directive("@shareable")
  @Column("varchar", { length: 254, nullable: true })
  email: string | null;

  @Column("boolean")
  emailVerified: boolean;

  /** When the identity provider said so: an older token does not undo a newer one. */
  @Column("timestamp with time zone", { precision: 3 })
  identityAt: Date;

  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;
}
