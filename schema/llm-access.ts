import { createUnionType, Directive, Field, Float, ObjectType } from "type-graphql";
import { PlatformLlmReason } from "../src/domain/llm-access";
import { Refusal } from "./refusal";

@ObjectType({ simpleResolvers: true, description: "The call runs on the platform's credentials and spends credits." })
@Directive("@inaccessible")
export class PlatformLlmAccess {
  @Field(() => PlatformLlmReason)
  reason: PlatformLlmReason;

  @Field(() => Float, { nullable: true, description: "Over the day's and the period's pools; null: unlimited." })
  creditsRemaining: number | null;
}

export const LlmAccess = createUnionType({
  name: "LlmAccess",
  types: () => [PlatformLlmAccess, Refusal] as const,
  resolveType: (value) => (value instanceof Refusal ? Refusal : PlatformLlmAccess),
});
