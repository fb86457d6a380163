import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { ByokConfig } from "../entities/byok-config";
import { Organization } from "../entities/organization";
import { ByokVerification } from "../schema/byok";
import type { Context } from "../src/context";
import { ByokStatus, byokPolicy, byokStatusOf, InferenceProfile } from "../src/domain/byok";
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
    const known = services.outside.bedrock.modelIds;
    return byokPolicy(profile, modelIds ? known.filter((id) => modelIds.includes(id)) : known);
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
