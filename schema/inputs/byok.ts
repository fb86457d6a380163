import { Field, ID, InputType } from "type-graphql";
import { DateTime } from "../../entities/scalars";
import { ByokFallback, InferenceProfile } from "../../src/domain/byok";

@InputType({ description: "An AWS key and where to use it." })
export class ByokCredentialsInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => String, { description: "Access key id: AKIA… for a long-term key, ASIA… for a temporary one." })
  accessKeyId: string;

  @Field(() => String, { description: "Secret access key. It is stored encrypted and never returned to clients." })
  secretAccessKey: string;

  @Field(() => String, {
    nullable: true,
    description: "Session token. Required for a temporary key, refused for a long-term one.",
  })
  sessionToken?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the temporary key expires, so that Owners are warned in time. Null or absent: unknown.",
  })
  sessionTokenExpiresAt?: Date | null;

  @Field(() => String, { description: "AWS region to send calls to, e.g. eu-central-1." })
  region: string;

  @Field(() => InferenceProfile, {
    defaultValue: "GLOBAL",
    description: "Part of the world where AWS may run the models.",
  })
  inferenceProfile: InferenceProfile;
}

@InputType({ description: "Input of saveByokConfig." })
export class SaveByokConfigInput {
  @Field(() => ByokCredentialsInput, { description: "The key to verify and save." })
  credentials: ByokCredentialsInput;

  @Field(() => ByokFallback, {
    defaultValue: "DENY",
    description: "Whether calls may run on the platform's credits when the key fails.",
  })
  fallback: ByokFallback;
}

@InputType({ description: "Input of setByokEnabled." })
export class SetByokEnabledInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => Boolean, { description: "False to pause the key, true to use it again." })
  enabled: boolean;
}

@InputType({ description: "Input of verifyByokConfig." })
export class VerifyByokConfigInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;
}

@InputType({ description: "Input of removeByokConfig." })
export class RemoveByokConfigInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;
}

@InputType({ description: "Input of reportByokFailure." })
export class ReportByokFailureInput {
  @Field(() => ID, { description: "The workspace that the rejected call was for." })
  workspaceId: string;

  @Field(() => String, { description: "Error code from AWS, e.g. AccessDeniedException." })
  code: string;

  @Field(() => String, { nullable: true, description: "Error message from AWS. Null or absent if there is none." })
  message?: string | null;
}
