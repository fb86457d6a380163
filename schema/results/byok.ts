import { createUnionType, Directive, Field, ObjectType } from "type-graphql";
import { ByokConfig } from "../../entities/byok-config";
import { Organization } from "../../entities/organization";
import { ByokStatus } from "../../src/domain/byok";
import { ByokVerification } from "../byok";
import { Refusal } from "../refusal";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true })
export class TestByokCredentialsSuccess {
  @Field(() => ByokVerification)
  verification: ByokVerification;
}
export const TestByokCredentialsResult = resultOf("TestByokCredentials", TestByokCredentialsSuccess);

@ObjectType({ simpleResolvers: true })
export class SaveByokConfigSuccess {
  @Field(() => ByokConfig)
  byokConfig: ByokConfig;
}

@ObjectType({ simpleResolvers: true, description: "Nothing was stored. The failed checks ride along." })
export class ByokVerificationFailed {
  @Field(() => String)
  message: string;

  @Field(() => ByokVerification)
  verification: ByokVerification;
}
export const SaveByokConfigResult = createUnionType({
  name: "SaveByokConfigResult",
  types: () => [SaveByokConfigSuccess, ByokVerificationFailed, Refusal] as const,
});

@ObjectType({ simpleResolvers: true })
export class SetByokEnabledSuccess {
  @Field(() => ByokConfig)
  byokConfig: ByokConfig;
}
export const SetByokEnabledResult = resultOf("SetByokEnabled", SetByokEnabledSuccess);

@ObjectType({ simpleResolvers: true })
export class VerifyByokConfigSuccess {
  @Field(() => ByokConfig)
  byokConfig: ByokConfig;
}
export const VerifyByokConfigResult = resultOf("VerifyByokConfig", VerifyByokConfigSuccess);

@ObjectType({ simpleResolvers: true })
export class RemoveByokConfigSuccess {
  @Field(() => Organization)
  organization: Organization;
}
export const RemoveByokConfigResult = resultOf("RemoveByokConfig", RemoveByokConfigSuccess);

@ObjectType({ simpleResolvers: true })
@Directive("@inaccessible")
export class ReportByokFailureSuccess {
  @Field(() => ByokStatus)
  status: ByokStatus;
}
export const ReportByokFailureResult = resultOf("ReportByokFailure", ReportByokFailureSuccess);
