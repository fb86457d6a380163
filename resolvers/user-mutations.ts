import { Arg, Directive, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/user";
import * as results from "../schema/results/user";
import { commands } from "../src/commands";
import { Run, type RunMutation } from "./run-mutation";

@Resolver()
export class UserMutations {
  @Directive("@inaccessible")
  @Mutation(() => results.ProvisionUserResult, { description: "For the identity service. Idempotent." })
  provisionUser(
    @Arg("input", () => inputs.ProvisionUserInput) input: inputs.ProvisionUserInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.provisionUser, input, (outcome) => ({
      created: outcome.created,
      user: () => outcome.user,
      organization: () => outcome.organization,
    }));
  }
}
