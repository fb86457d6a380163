import { Field, ID, Int, ObjectType } from "type-graphql";
import { DateTime } from "../../entities/scalars";
import { AuditFieldChange } from "../audit-field-change";
import { FieldPolicy } from "../field-policy";
import { LimitUsage } from "../refusal";
import { resultOf } from "./result";

@ObjectType({ simpleResolvers: true, description: "One event that the mutation would write to the audit log." })
export class DryRunEffect {
  @Field(() => String, { description: "Kind of change, e.g. 'member.removed'." })
  type: string;

  @Field(() => String, { description: "The change in one English sentence." })
  summary: string;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the changed thing, e.g. of a membership. Null for what the mutation would create.",
  })
  subjectId: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Id of the workspace that the change concerns. Null if it concerns none, or would create it.",
  })
  workspaceId: string | null;

  @FieldPolicy({ listSize: 5 })
  @Field(() => [AuditFieldChange], { description: "The fields that would change, sorted by name." })
  changes: AuditFieldChange[];
}

@ObjectType({ simpleResolvers: true, description: "An e-mail that the mutation would send." })
export class DryRunEmail {
  @Field(() => String, { description: "The recipient's address." })
  to: string;

  @Field(() => String, { description: "The subject line." })
  subject: string;
}

@ObjectType({
  simpleResolvers: true,
  description: "What a plan change would charge, by the payment provider's preview.",
})
export class DryRunCharge {
  @Field(() => Int, { description: "Amount due at once, in US cents. 0 for a change that is scheduled." })
  dueNowCents: number;

  @Field(() => Int, {
    nullable: true,
    description: "Amount of the next period, in US cents. Null if the provider does not know it.",
  })
  nextAmountCents: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the next period is charged. Null if the provider does not know it.",
  })
  nextChargeAt: Date | null;

  @Field(() => DateTime, { description: "When the plan would change: now, or when the period ends." })
  takesEffectAt: Date;
}

@ObjectType({
  simpleResolvers: true,
  description:
    "What the mutation would do. The mutation ran and was rolled back: nothing changed, and nobody was notified.",
})
export class DryRunSuccess {
  @FieldPolicy({ listSize: 10 })
  @Field(() => [DryRunEffect], { description: "The events that the audit log would get, in order. Empty: no change." })
  effects: DryRunEffect[];

  @Field(() => LimitUsage, {
    nullable: true,
    description: "The plan's seats afterwards. Null if the viewer could not read them then.",
  })
  memberLimit: LimitUsage | null;

  @Field(() => LimitUsage, {
    nullable: true,
    description: "The plan's workspaces afterwards. Null if the viewer could not read them then.",
  })
  workspaceLimit: LimitUsage | null;

  @FieldPolicy({ listSize: 10 })
  @Field(() => [DryRunEmail], { description: "The e-mails that would be sent." })
  emails: DryRunEmail[];

  @Field(() => DryRunCharge, {
    nullable: true,
    description: "What a plan change would charge. Null if billing is manual or nothing is due.",
  })
  charge: DryRunCharge | null;
}
export const DryRunResult = resultOf("DryRun", DryRunSuccess);
