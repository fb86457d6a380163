import { Arg, Ctx, Directive, ID, Query, Resolver } from "type-graphql";
import { LlmAccess } from "../schema/llm-access";
import { grantLlmAccess } from "../src/commands/byok/grant-llm-access";
import type { Context } from "../src/context";
import { refusalOf } from "./run-mutation";

const TYPES = { byok: "ByokLlmAccess", platform: "PlatformLlmAccess" } as const;

@Resolver()
export class LlmAccessResolver {
  @Directive("@inaccessible")
  @Query(() => LlmAccess, { description: "For other services: what an LLM call in this workspace runs on." })
  async llmAccess(@Arg("workspaceId", () => ID) workspaceId: string, @Ctx() { services }: Context) {
    const access = await grantLlmAccess(services, workspaceId);
    return access.kind === "refused" ? refusalOf(access.refusal) : { ...access, __typename: TYPES[access.kind] };
  }
}
