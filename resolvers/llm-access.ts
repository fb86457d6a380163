import { Arg, Ctx, Directive, ID, Query, Resolver } from "type-graphql";
import { FieldPolicy } from "../schema/field-policy";
import { LlmAccess } from "../schema/llm-access";
import { grantLlmAccess } from "../src/commands/byok/grant-llm-access";
import type { Context } from "../src/context";
import { toRefusal } from "./run-mutation";

const TYPES = { byok: "ByokLlmAccess", platform: "PlatformLlmAccess" } as const;

@Resolver()
export class LlmAccessResolver {
  @FieldPolicy({ access: { scope: "credentials:read" }, cost: 1_000, hasSideEffects: true })
  @Directive("@inaccessible")
  @Query(() => LlmAccess, { description: "The credentials for an LLM call in a workspace, or why there are none." })
  async llmAccess(
    @Arg("workspaceId", () => ID, { description: "The workspace that the call is for." }) workspaceId: string,
    @Ctx() { services }: Context,
  ) {
    const access = await grantLlmAccess(services, workspaceId);
    return access.kind === "refused" ? toRefusal(access.refusal) : { ...access, __typename: TYPES[access.kind] };
  }
}
