import { FieldResolver, Int, Resolver, Root } from "type-graphql";
import { Plan } from "../schema/plan";
import { annualPriceCents } from "../src/domain/plan";

@Resolver(() => Plan)
export class PlanResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: "Price per year in US cents, for annual billing. Null: by arrangement.",
  })
  annualPriceCents(@Root() plan: Plan) {
    return annualPriceCents(plan);
  }
}
