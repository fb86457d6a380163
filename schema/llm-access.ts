import { createUnionType, Directive, Field, Float, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { ByokFallback, InferenceProfile } from "../src/domain/byok";
import { PlatformLlmReason } from "../src/domain/llm-access";
import { Refusal } from "./refusal";

@ObjectType({ simpleResolvers: true, description: "The call runs on the platform's credentials and spends credits." })
@Directive("@inaccessible")
export class PlatformLlmAccess {
  @Field(() => PlatformLlmReason, { description: "Why the call does not run on a key of the organization." })
  reason: PlatformLlmReason;

  @Field(() => Float, {
    nullable: true,
    description: "Credits left today and in the current period together. Null: unlimited.",
  })
  creditsRemaining: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    "The call runs on the organization's key: on a short session of a long-term key, or on a temporary key itself.",
})
@Directive("@inaccessible")
export class ByokLlmAccess {
  @Field(() => String, { description: "AWS access key id for the call." })
  accessKeyId: string;

  @Field(() => String, { description: "AWS secret access key for the call. Do not log or store it." })
  secretAccessKey: string;

  @Field(() => String, { nullable: true, description: "AWS session token. Null if the key has none." })
  sessionToken: string | null;

  @Field(() => DateTime, { nullable: true, description: "When the credentials expire. Null if unknown." })
  expiresAt: Date | null;

  @Field(() => String, { description: "AWS region to call." })
  region: string;

  @Field(() => InferenceProfile, { description: "Inference profile to call." })
  inferenceProfile: InferenceProfile;

  @Field(() => ByokFallback, {
    description: "Whether the call may run on the platform's credits if AWS rejects the key.",
  })
  fallback: ByokFallback;
}

export const LlmAccess = createUnionType({
  name: "LlmAccess",
  description: "The credentials of an LLM call, or why it cannot run.",
  types: () => [ByokLlmAccess, PlatformLlmAccess, Refusal] as const,
});
