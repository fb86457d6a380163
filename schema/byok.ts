import { Field, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { ByokCheckKind } from "../src/domain/byok";
import { FieldPolicy } from "./field-policy";

@ObjectType({ simpleResolvers: true, description: "One check of a key against AWS." })
export class ByokCheck {
  @Field(() => ByokCheckKind)
  kind: ByokCheckKind;

  @Field(() => String, { nullable: true, description: "The model, for MODEL_ACCESS." })
  modelId: string | null;

  @Field(() => Boolean)
  ok: boolean;

  @Field(() => String, {
    nullable: true,
    description: "A code from AWS, or of this service: TIMEOUT, UNREACHABLE, UNREADABLE_ANSWER.",
  })
  code: string | null;

  @Field(() => String, { nullable: true, description: "What to do about it." })
  message: string | null;
}

@ObjectType({ simpleResolvers: true, description: "What came of checking a key." })
export class ByokVerification {
  @Field(() => Boolean)
  ok: boolean;

  @Field(() => DateTime)
  checkedAt: Date;

  @FieldPolicy({ listSize: 5 })
  @Field(() => [ByokCheck])
  checks: ByokCheck[];
}
