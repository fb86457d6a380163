import { Field, ID, InputType } from "type-graphql";

@InputType()
export class ProvisionUserInput {
  @Field(() => ID)
  userId: string;

  @Field(() => String)
  email: string;

  @Field(() => Boolean)
  emailVerified: boolean;

  @Field(() => String)
  name: string;
}
