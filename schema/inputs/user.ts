import { Field, ID, InputType } from "type-graphql";

@InputType({ description: "Input of provisionUser: a person as the identity provider describes them." })
export class ProvisionUserInput {
  @Field(() => ID, { description: "The identity provider's subject." })
  userId: string;

  @Field(() => String, { description: "The person's e-mail address." })
  email: string;

  @Field(() => Boolean, { description: "Whether the identity provider verified the address." })
  emailVerified: boolean;

  @Field(() => String, { description: "Display name." })
  name: string;
}
