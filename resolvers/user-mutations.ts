import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Directive, Info, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/user";
import * as results from "../schema/results/user";
import { commands } from "../src/commands";
import type { Context } from "../src/context";
import { answer } from "./run-mutation";

@Resolver()
export class UserMutations {
  @Directive("@inaccessible")
  @Mutation(() => results.ProvisionUserResult, { description: "For the identity service. Idempotent." })
  provisionUser(
    @Arg("input", () => inputs.ProvisionUserInput) input: inputs.ProvisionUserInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.provisionUser, input, (outcome) => ({
      created: outcome.created,
      user: () => outcome.user,
      organization: () => outcome.organization,
    }));
  }
}
