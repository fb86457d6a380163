import { Directive, Field, ObjectType } from "type-graphql";
import { Organization } from "../../entities/organization";
import { User } from "../../entities/user";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true })
@Directive("@inaccessible")
export class ProvisionUserSuccess {
  @Field(() => User)
  user: User;

  @Field(() => Organization)
  organization: Organization;

  @Field(() => Boolean, { description: "False when the user was there already." })
  created: boolean;
}
export const ProvisionUserResult = resultOf("ProvisionUser", ProvisionUserSuccess);
