import { Directive, Field, ObjectType } from "type-graphql";
import { Organization } from "../../entities/organization";
import { User } from "../../entities/user";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "The user exists, with a personal organization." })
@Directive("@inaccessible")
export class ProvisionUserSuccess {
  @Field(() => User, { description: "The user." })
  user: User;

  @Field(() => Organization, { description: "The user's personal organization." })
  organization: Organization;

  @Field(() => Boolean, { description: "False if the user existed before." })
  created: boolean;
}
export const ProvisionUserResult = resultOf("ProvisionUser", ProvisionUserSuccess);
