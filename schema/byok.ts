import { Field, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { ByokCheckKind } from "../src/domain/byok";
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
