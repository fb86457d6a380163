import { createUnionType, Directive, Field, ObjectType } from "type-graphql";
import { ByokConfig } from "../../entities/byok-config";
import { Organization } from "../../entities/organization";
import { ByokStatus } from "../../src/domain/byok";
import { ByokVerification } from "../byok";
import { Refusal } from "../refusal";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "The key was checked, successfully or not." })
export class TestByokCredentialsSuccess {
  @Field(() => ByokVerification, { description: "Result of the check." })
  verification: ByokVerification;
}
export const TestByokCredentialsResult = resultOf("TestByokCredentials", TestByokCredentialsSuccess);

@ObjectType({ simpleResolvers: true, description: "The key was verified and saved." })
export class SaveByokConfigSuccess {
  @Field(() => ByokConfig, { description: "The new configuration." })
  byokConfig: ByokConfig;
}

@ObjectType({ simpleResolvers: true, description: "AWS rejected the key. Nothing was stored." })
export class ByokVerificationFailed {
  @Field(() => String, { description: "What to do, in English." })
  message: string;

  @Field(() => ByokVerification, { description: "The checks, with those that failed." })
  verification: ByokVerification;
}
export const SaveByokConfigResult = createUnionType({
  name: "SaveByokConfigResult",
  description: "Result of saveByokConfig.",
  types: () => [SaveByokConfigSuccess, ByokVerificationFailed, Refusal] as const,
});

@ObjectType({ simpleResolvers: true, description: "The key was paused or resumed." })
export class SetByokEnabledSuccess {
  @Field(() => ByokConfig, { description: "The configuration after the change." })
  byokConfig: ByokConfig;
}
export const SetByokEnabledResult = resultOf("SetByokEnabled", SetByokEnabledSuccess);

@ObjectType({ simpleResolvers: true, description: "The stored key was checked, successfully or not." })
export class VerifyByokConfigSuccess {
  @Field(() => ByokConfig, { description: "The configuration, with the result in 'lastVerification'." })
  byokConfig: ByokConfig;
}
export const VerifyByokConfigResult = resultOf("VerifyByokConfig", VerifyByokConfigSuccess);

@ObjectType({ simpleResolvers: true, description: "The key was deleted." })
export class RemoveByokConfigSuccess {
  @Field(() => Organization, { description: "The organization without its key." })
  organization: Organization;
}
export const RemoveByokConfigResult = resultOf("RemoveByokConfig", RemoveByokConfigSuccess);

@ObjectType({ simpleResolvers: true, description: "The failure was recorded." })
@Directive("@inaccessible")
export class ReportByokFailureSuccess {
  @Field(() => ByokStatus, { description: "State of the key after the report." })
  status: ByokStatus;
}
export const ReportByokFailureResult = resultOf("ReportByokFailure", ReportByokFailureSuccess);
