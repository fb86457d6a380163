import { Arg, Ctx, Directive, ID, Query, Resolver } from "type-graphql";
import { LlmAccess } from "../schema/llm-access";
import type { Context } from "../src/context";
import { notFound } from "../src/domain/denial";
import { isIdentifier } from "../src/domain/identifier";
import { platformAccess } from "../src/domain/llm-access";
import { storedPlan } from "../src/domain/plan";
import { creditBalance, creditPeriod } from "../src/domain/usage";
import { llmStanding, spentInPeriod } from "../src/store/views/llm-access";
import { refusalOf } from "./failures";

@Resolver()
export class LlmAccessResolver {
  @Directive("@inaccessible")
  @Query(() => LlmAccess, { description: "For other services: what an LLM call in this workspace runs on." })
  async llmAccess(@Arg("workspaceId", () => ID) workspaceId: string, @Ctx() { services }: Context) {
    const now = services.clock.now();
    const standing = isIdentifier(workspaceId) ? await llmStanding(services.database, workspaceId, now) : undefined;
    if (!standing) throw notFound("workspace");
    const { start, end } = creditPeriod(standing.startedAt, now);
    const balance = creditBalance(storedPlan(standing.planCode), spentInPeriod(standing, start), end, now);
    const access = platformAccess("NO_KEY", balance);
    return access.kind === "refused" ? refusalOf(access.refusal) : access;
  }
}
