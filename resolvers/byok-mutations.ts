import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Directive, Info, Mutation, Resolver } from "type-graphql";
import * as inputs from "../schema/inputs/byok";
import * as results from "../schema/results/byok";
import { commands } from "../src/commands";
import type { Context } from "../src/context";
import type { ByokVerification } from "../src/domain/byok";
import { answer, load } from "./run-mutation";

@Resolver()
export class ByokMutations {
  @Mutation(() => results.TestByokCredentialsResult, { description: "Checks a key against AWS. Stores nothing." })
  testByokCredentials(
    @Arg("input", () => inputs.ByokCredentialsInput) input: inputs.ByokCredentialsInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.testByokCredentials, keyOf(input), ({ verification }) => ({
      verification: shown(verification),
    }));
  }

  @Mutation(() => results.SaveByokConfigResult, {
    description: "Verifies first and stores only what verified. Replaces an existing configuration without a gap.",
  })
  saveByokConfig(
    @Arg("input", () => inputs.SaveByokConfigInput) { credentials, fallback }: inputs.SaveByokConfigInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const input = { ...keyOf(credentials), fallback };
    return answer(context, info, commands.saveByokConfig, input, (outcome) =>
      outcome.kind === "saved"
        ? { __typename: "SaveByokConfigSuccess", byokConfig: load.byokConfig(outcome.organizationId) }
        : {
            __typename: "ByokVerificationFailed",
            message: "AWS did not take this key for what it is needed for. Nothing was stored.",
            verification: shown(outcome.verification),
          },
    );
  }

  @Mutation(() => results.SetByokEnabledResult, { description: "Pauses the organization's key, or resumes it." })
  setByokEnabled(
    @Arg("input", () => inputs.SetByokEnabledInput) input: inputs.SetByokEnabledInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.setByokEnabled, input, (outcome) => ({
      byokConfig: load.byokConfig(outcome.organizationId),
    }));
  }

  @Mutation(() => results.VerifyByokConfigResult, { description: "Checks the stored key against AWS again." })
  verifyByokConfig(
    @Arg("input", () => inputs.VerifyByokConfigInput) input: inputs.VerifyByokConfigInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.verifyByokConfig, input, (outcome) => ({
      byokConfig: load.byokConfig(outcome.organizationId),
    }));
  }

  @Mutation(() => results.RemoveByokConfigResult, { description: "Deletes the key: there is no other copy of it." })
  removeByokConfig(
    @Arg("input", () => inputs.RemoveByokConfigInput) input: inputs.RemoveByokConfigInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.removeByokConfig, input, (outcome) => ({
      organization: load.organization(outcome.organizationId),
    }));
  }

  @Directive("@inaccessible")
  @Mutation(() => results.ReportByokFailureResult, {
    description: "For the LLM caller: AWS rejected a call on the organization's key.",
  })
  reportByokFailure(
    @Arg("input", () => inputs.ReportByokFailureInput) input: inputs.ReportByokFailureInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(context, info, commands.reportByokFailure, input, (outcome) => outcome);
  }
}

function keyOf({ sessionToken, sessionTokenExpiresAt, ...input }: inputs.ByokCredentialsInput) {
  return { ...input, sessionToken: sessionToken ?? null, sessionTokenExpiresAt: sessionTokenExpiresAt ?? null };
}

/** A kept outcome has been JSON in between. */
function shown(verification: ByokVerification): ByokVerification {
  return { ...verification, checkedAt: new Date(verification.checkedAt) };
}
