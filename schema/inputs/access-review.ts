import { Field, ID, InputType } from "type-graphql";
import { DateTime } from "../../entities/scalars";
import { AccessReviewDecision } from "../../src/domain/access-review";
import { OrganizationRole } from "../../src/domain/role";
import { WorkspaceGrantInput } from "./workspace";

@InputType({ description: "Input of startAccessReview." })
export class StartAccessReviewInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => String, { description: "Name of the review, e.g. 'First quarter'. At most 100 characters." })
  name: string;

  @Field(() => DateTime, {
    description: "When it is due, in the future. Owners and Admins get an e-mail a week and a day before.",
  })
  dueAt: Date;

  @Field(() => [OrganizationRole], {
    nullable: true,
    description: "Only members with one of these roles. Null or absent: all.",
  })
  roles?: OrganizationRole[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Only members with access to one of these workspaces. Null or absent: all.",
  })
  workspaceIds?: string[] | null;
}

@InputType({ description: "A decision on one member." })
export class AccessReviewDecisionInput {
  @Field(() => ID, { description: "The item's id." })
  itemId: string;

  @Field(() => AccessReviewDecision, { description: "The decision. CHANGE needs a new role, new workspaces or both." })
  decision: AccessReviewDecision;

  @Field(() => OrganizationRole, {
    nullable: true,
    description: "The new role, with CHANGE only. Null or absent: the role stays.",
  })
  newRole?: OrganizationRole | null;

  @Field(() => [WorkspaceGrantInput], {
    nullable: true,
    description:
      "The workspaces from then on, with CHANGE only and for Developers and Viewers. Other assignments end. Null or " +
      "absent: they stay.",
  })
  newGrants?: WorkspaceGrantInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: "The reviewer's note, at most 1,000 characters. Null or absent: none.",
  })
  note?: string | null;
}

@InputType({ description: "The decision that a reviewer expects on an item." })
export class ExpectedDecisionInput {
  @Field(() => ID, { description: "The item's id." })
  itemId: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "'decidedAt' of the decision. Null or absent: there is no decision.",
  })
  decidedAt?: Date | null;
}

@InputType({ description: "Input of decideAccessReview." })
export class DecideAccessReviewInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The review's id." })
  reviewId: string;

  @Field(() => [AccessReviewDecisionInput], {
    description:
      "Decisions, at most one per item. They replace earlier ones. Together with 'takenBack', 1 to 100 items.",
  })
  decisions: AccessReviewDecisionInput[];

  @Field(() => [ID], {
    nullable: true,
    description: "Ids of items that become undecided again. Null or absent: none.",
  })
  takenBack?: string[] | null;

  @Field(() => [ExpectedDecisionInput], {
    nullable: true,
    description:
      "What the viewer has seen, for items of 'decisions' and 'takenBack'. Refuses DECIDED_MEANWHILE if one of them has " +
      "another decision by now. Null or absent: earlier decisions are replaced whatever they are.",
  })
  expected?: ExpectedDecisionInput[] | null;
}

@InputType({ description: "Input of completeAccessReview." })
export class CompleteAccessReviewInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The review's id." })
  reviewId: string;

  @Field(() => AccessReviewDecision, {
    nullable: true,
    description:
      "Decision for undecided items: KEEP or REMOVE. Null or absent: no item may be undecided, except the viewer's own.",
  })
  undecided?: AccessReviewDecision | null;
}

@InputType({ description: "Input of cancelAccessReview." })
export class CancelAccessReviewInput {
  @Field(() => ID, { description: "The organization's id." })
  organizationId: string;

  @Field(() => ID, { description: "The review's id." })
  reviewId: string;
}
