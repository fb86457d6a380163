import { Field, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { ByokCheckKind, InferenceProfile } from "../src/domain/byok";
import { FieldPolicy } from "./field-policy";

@ObjectType({ simpleResolvers: true, description: "One check of a key against AWS." })
export class ByokCheck {
  @Field(() => ByokCheckKind, { description: "What was checked." })
  kind: ByokCheckKind;

  @Field(() => String, {
    nullable: true,
    description: "Amazon Bedrock id of the checked model. Null unless the kind is MODEL_ACCESS.",
  })
  modelId: string | null;

  @Field(() => Boolean, { description: "Whether the check passed." })
  ok: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Error code from AWS, or TIMEOUT, UNREACHABLE or UNREADABLE_ANSWER. Null if the check passed.",
  })
  code: string | null;

  @Field(() => String, { nullable: true, description: "What to do about the error. Null if there is nothing to do." })
  message: string | null;
}

@ObjectType({ simpleResolvers: true, description: "Result of checking a key against AWS." })
export class ByokVerification {
  @Field(() => Boolean, { description: "Whether calls can run on the key." })
  ok: boolean;

  @Field(() => DateTime, { description: "When the key was checked." })
  checkedAt: Date;

  @FieldPolicy({ listSize: 5 })
  @Field(() => [ByokCheck], { description: "The single checks, in the order they ran." })
  checks: ByokCheck[];
}

@ObjectType({ simpleResolvers: true, description: "A model that the organization's own AWS key must be able to use." })
export class ByokModel {
  @Field(() => String, { description: "Amazon Bedrock id of the model." })
  id: string;

  @Field(() => String, { description: "Display name." })
  name: string;

  @FieldPolicy({ listSize: 4 })
  @Field(() => [InferenceProfile], { description: "The inference profiles that have the model." })
  inferenceProfiles: InferenceProfile[];
}

@ObjectType({ simpleResolvers: true, description: "The choices when a key is configured." })
export class ByokOptions {
  @Field(() => [String], { description: "AWS regions that calls can be sent to." })
  regions: string[];

  @FieldPolicy({ listSize: 5 })
  @Field(() => [ByokModel], { description: "The models in use. A key must be able to use all of them." })
  models: ByokModel[];
}
