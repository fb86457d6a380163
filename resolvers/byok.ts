import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { ByokConfig } from "../entities/byok-config";
import { Organization } from "../entities/organization";
import { ByokVerification } from "../schema/byok";
import { FieldPolicy } from "../schema/field-policy";
import type { Context } from "../src/context";
import { ByokStatus, byokPolicy, byokStatusOf, InferenceProfile } from "../src/domain/byok";
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

  @FieldResolver(() => Organization, { description: "The organization that the key belongs to." })
  organization(@Root() config: ByokConfigView, @Ctx() { loaders }: Context) {
    return orNotFound(loaders.organization.load(config.organizationId), "organization");
  }

  @FieldResolver(() => ByokStatus, { description: "Whether LLM calls run on the key now." })
  status(@Root() config: ByokConfigView, @Ctx() { services }: Context) {
    return byokStatusOf(config, storedPlan(config.planCode).byok, services.clock.now());
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
  throw new Denied("BAD_USER_INPUT", `The models in use are ${known.join(", ")}.`);
}
