import { createUnionType, Directive, Field, Float, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { ByokFallback, InferenceProfile } from "../src/domain/byok";
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

@ObjectType({
  simpleResolvers: true,
  description: "Short-lived where AWS allows: a session of the organization's long-term key, never the key itself.",
})
@Directive("@inaccessible")
export class ByokLlmAccess {
  @Field(() => String)
  accessKeyId: string;

  @Field(() => String)
  secretAccessKey: string;

  @Field(() => String, { nullable: true })
  sessionToken: string | null;

  @Field(() => DateTime, { nullable: true })
  expiresAt: Date | null;

  @Field(() => String)
  region: string;

  @Field(() => InferenceProfile)
  inferenceProfile: InferenceProfile;

  @Field(() => ByokFallback)
  fallback: ByokFallback;
}

export const LlmAccess = createUnionType({
  name: "LlmAccess",
  types: () => [ByokLlmAccess, PlatformLlmAccess, Refusal] as const,
});
