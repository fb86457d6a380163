import { Arg, Directive, Mutation, Resolver } from "type-graphql";
import { FieldPolicy } from "../schema/field-policy";
import * as inputs from "../schema/inputs/byok";
import * as results from "../schema/results/byok";
import { commands } from "../src/commands";
import type { ByokVerification } from "../src/domain/byok";
import { load, Run, type RunMutation } from "./run-mutation";

// Checking a key calls AWS several times.
const VERIFICATION_COST = 25_000;

@Resolver()
export class ByokMutations {
  @FieldPolicy({ cost: VERIFICATION_COST })
  @Mutation(() => results.TestByokCredentialsResult, { description: "Checks an AWS key without storing it." })
  testByokCredentials(
    @Arg("input", () => inputs.ByokCredentialsInput) input: inputs.ByokCredentialsInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.testByokCredentials, keyOf(input), ({ verification }) => ({
      verification: reviveDates(verification),
    }));
  }

  @FieldPolicy({ cost: VERIFICATION_COST })
  @Mutation(() => results.SaveByokConfigResult, {
    description: "Checks an AWS key and stores it if the checks pass. Replaces an existing key without interruption.",
  })
  saveByokConfig(
    @Arg("input", () => inputs.SaveByokConfigInput) { credentials, fallback }: inputs.SaveByokConfigInput,
    @Run() run: RunMutation,
  ) {
    const input = { ...keyOf(credentials), fallback };
    return run(commands.saveByokConfig, input, (outcome) =>
      outcome.kind === "saved"
        ? { __typename: "SaveByokConfigSuccess", byokConfig: load.byokConfig(outcome.organizationId) }
        : {
            __typename: "ByokVerificationFailed",
            message:
              "AWS rejected this key. Nothing was stored. Follow the messages of the failed checks, then save the key again.",
            verification: reviveDates(outcome.verification),
          },
    );
  }

  @Mutation(() => results.SetByokEnabledResult, { description: "Pauses or resumes the organization's key." })
  setByokEnabled(
    @Arg("input", () => inputs.SetByokEnabledInput) input: inputs.SetByokEnabledInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.setByokEnabled, input, (outcome) => ({
      byokConfig: load.byokConfig(outcome.organizationId),
    }));
  }

  @FieldPolicy({ cost: VERIFICATION_COST })
  @Mutation(() => results.VerifyByokConfigResult, { description: "Checks the stored key again." })
  verifyByokConfig(
    @Arg("input", () => inputs.VerifyByokConfigInput) input: inputs.VerifyByokConfigInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.verifyByokConfig, input, (outcome) => ({
      byokConfig: load.byokConfig(outcome.organizationId),
    }));
  }

  @Mutation(() => results.RemoveByokConfigResult, { description: "Deletes the key for good. There is no other copy." })
  removeByokConfig(
    @Arg("input", () => inputs.RemoveByokConfigInput) input: inputs.RemoveByokConfigInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.removeByokConfig, input, (outcome) => ({
      organization: load.organization(outcome.organizationId),
    }));
  }

  @Directive("@inaccessible")
  @Mutation(() => results.ReportByokFailureResult, {
    description: "Reports that AWS rejected a call on the organization's key.",
  })
  reportByokFailure(
    @Arg("input", () => inputs.ReportByokFailureInput) input: inputs.ReportByokFailureInput,
    @Run() run: RunMutation,
  ) {
    return run(commands.reportByokFailure, input, (outcome) => outcome);
  }
}

function keyOf({ sessionToken, sessionTokenExpiresAt, ...input }: inputs.ByokCredentialsInput) {
  return { ...input, sessionToken: sessionToken ?? null, sessionTokenExpiresAt: sessionTokenExpiresAt ?? null };
}

/** A stored outcome of an Idempotency-Key has its dates as JSON strings. */
function reviveDates(verification: ByokVerification): ByokVerification {
  return { ...verification, checkedAt: new Date(verification.checkedAt) };
}
