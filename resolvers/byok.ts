import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { ByokConfig } from "../entities/byok-config";
import { Organization } from "../entities/organization";
import { DateTime } from "../entities/scalars";
import { User } from "../entities/user";
import { ByokOptions, ByokVerification } from "../schema/byok";
import { FieldPolicy } from "../schema/field-policy";
import type { Context } from "../src/context";
import { ByokStatus, byokPolicy, byokStatusOf, InferenceProfile } from "../src/domain/byok";
import { byokOptions } from "../src/domain/byok-options";
import { nextVerificationAt } from "../src/domain/byok-schedule";
import { Denied } from "../src/domain/denial";
import { storedPlan } from "../src/domain/plan";
import type { ByokConfigView } from "../src/store/views/byok";
import { orNotFound } from "./or-not-found";

@Resolver(() => ByokConfig)
export class ByokConfigResolver {
  @FieldPolicy({ access: "signed-in" })
  @Query(() => String, {
    description: "The IAM policy that an AWS key needs, as JSON, ready to attach to the key's user or role.",
  })
  byokPolicy(
    @Arg("inferenceProfile", () => InferenceProfile, {
      defaultValue: "GLOBAL",
      description: "The inference profile that calls will use.",
    })
    profile: InferenceProfile,
    @Arg("modelIds", () => [String], {
      nullable: true,
      description: "Amazon Bedrock ids of the models. Null or absent: all models in use.",
    })
    modelIds: string[] | null | undefined,
    @Ctx() { services }: Context,
  ) {
    const known = services.integrations.bedrock.modelIds;
    return byokPolicy(profile, modelIds ? chosen(known, modelIds) : known);
  }

  @FieldPolicy({ access: "signed-in" })
  @Query(() => ByokOptions, { description: "The regions and models to choose from when a key is configured." })
  byokOptions(@Ctx() { services }: Context) {
    return byokOptions(services.integrations.bedrock.modelIds);
  }

  @FieldResolver(() => Organization, { description: "The organization that the key belongs to." })
  organization(@Root() config: ByokConfigView, @Ctx() { loaders }: Context) {
    return orNotFound(loaders.organization.load(config.organizationId), "organization");
  }

  @FieldResolver(() => ByokStatus, { description: "Whether LLM calls run on the key now." })
  status(@Root() config: ByokConfigView, @Ctx() { services }: Context) {
    return byokStatusOf(config, storedPlan(config.planCode).byok, services.clock.now());
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: "Who saved the current key. Null if the audit log does not name a person.",
  })
  savedBy(@Root() { savedById }: ByokConfigView, @Ctx() { loaders }: Context) {
    return savedById && loaders.user.load(savedById);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: "When a job verifies the key next. Null while the key is not in use, and if it expires before that.",
  })
  nextVerificationAt(@Root() config: ByokConfigView, @Ctx() { services }: Context) {
    return nextVerificationAt(config, storedPlan(config.planCode).byok, services.clock.now());
  }

  @FieldResolver(() => ByokVerification, {
    nullable: true,
    description: "The latest check of the key against AWS. Null if it was never checked.",
  })
  lastVerification(@Root() { lastVerification }: ByokConfigView) {
    return lastVerification && { ...lastVerification, checkedAt: new Date(lastVerification.checkedAt) };
  }
}

/** The requested models. Throws BAD_USER_INPUT for none and for models not in use: such a policy would be useless. */
function chosen(known: readonly string[], requested: readonly string[]): string[] {
  const models = known.filter((id) => requested.includes(id));
  if (models.length > 0 && models.length === new Set(requested).size) return models;
  throw new Denied("BAD_USER_INPUT", `'modelIds' must name models in use, at least one of ${known.join(", ")}.`);
}
