import { Field, ID, InputType } from "type-graphql";
import { DateTime } from "../../entities/scalars";
import { ByokFallback, InferenceProfile } from "../../src/domain/byok";

@InputType()
export class ByokCredentialsInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => String, { description: "AKIA… (long-term) or ASIA… (temporary)." })
  accessKeyId: string;

  @Field(() => String)
  secretAccessKey: string;

  @Field(() => String, { nullable: true, description: "Required with ASIA…, refused with AKIA…." })
  sessionToken?: string | null;

  @Field(() => DateTime, { nullable: true })
  sessionTokenExpiresAt?: Date | null;

  @Field(() => String)
  region: string;

  @Field(() => InferenceProfile, { defaultValue: "GLOBAL" })
  inferenceProfile: InferenceProfile;
}

@InputType()
export class SaveByokConfigInput {
  @Field(() => ByokCredentialsInput)
  credentials: ByokCredentialsInput;

  @Field(() => ByokFallback, { defaultValue: "DENY" })
  fallback: ByokFallback;
}

@InputType()
export class SetByokEnabledInput {
  @Field(() => ID)
  organizationId: string;

  @Field(() => Boolean)
  enabled: boolean;
}

@InputType()
export class VerifyByokConfigInput {
  @Field(() => ID)
  organizationId: string;
}

@InputType()
export class RemoveByokConfigInput {
  @Field(() => ID)
  organizationId: string;
}

@InputType()
export class ReportByokFailureInput {
  @Field(() => ID)
  workspaceId: string;

  @Field(() => String)
  code: string;

  @Field(() => String, { nullable: true })
  message?: string | null;
}
