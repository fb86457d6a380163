import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { ByokConfig } from "../entities/byok-config";
import { Organization } from "../entities/organization";
import { ByokVerification } from "../schema/byok";
import type { Context } from "../src/context";
import { ByokStatus, byokPolicy, byokStatusOf, InferenceProfile } from "../src/domain/byok";
import { Denied } from "../src/domain/denial";
import { storedPlan } from "../src/domain/plan";
import type { ByokConfigView } from "../src/store/views/byok";
import { present } from "./permitted";

@Resolver(() => ByokConfig)
export class ByokConfigResolver {
  @Query(() => String, {
    description: "The IAM policy that a key needs for a profile, as JSON, ready to be attached to its user or role.",
  })
  byokPolicy(
    @Arg("inferenceProfile", () => InferenceProfile, { defaultValue: "GLOBAL" }) profile: InferenceProfile,
    @Arg("modelIds", () => [String], { nullable: true, description: "Absent: all that are in use." })
    modelIds: string[] | null | undefined,
    @Ctx() { services }: Context,
  ) {
    const known = services.integrations.bedrock.modelIds;
    return byokPolicy(profile, modelIds ? chosen(known, modelIds) : known);
  }

  @FieldResolver(() => Organization)
  organization(@Root() config: ByokConfigView, @Ctx() { loaders }: Context) {
    return present("organization", loaders.organization.load(config.organizationId));
  }

  @FieldResolver(() => ByokStatus)
  status(@Root() config: ByokConfigView, @Ctx() { services }: Context) {
    return byokStatusOf(config, storedPlan(config.planCode).byok, services.clock.now());
  }

  @FieldResolver(() => ByokVerification, { nullable: true })
  lastVerification(@Root() { lastVerification }: ByokConfigView) {
    return lastVerification && { ...lastVerification, checkedAt: new Date(lastVerification.checkedAt) };
  }
}

/** Those of the models in use that were asked for. A policy that names none, or others, would be of no use. */
function chosen(known: readonly string[], asked: readonly string[]): string[] {
  const models = known.filter((id) => asked.includes(id));
  if (models.length > 0 && models.length === new Set(asked).size) return models;
  throw new Denied("BAD_USER_INPUT", `The models in use are ${known.join(", ")}.`);
}
