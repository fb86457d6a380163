import { Field, ID, ObjectType } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { AccessReviewDecision, AccessReviewOutcome } from "../src/domain/access-review";
import { OrganizationRole } from "../src/domain/role";

@ObjectType({
  simpleResolvers: true,
  description: "One member in an access review, as they stood when it started, with the decision on them.",
})
export class AccessReviewItem {
  @Field(() => ID, { description: "Id of the item." })
  id: string;

  @Field(() => String, { description: "The person's name when the review started." })
  userName: string;

  @Field(() => OrganizationRole, { description: "The member's role when the review started." })
  role: OrganizationRole;

  @Field(() => DateTime, {
    nullable: true,
    description:
      "The day on which the member had last used the platform when the review started, as midnight in UTC. Null if they had never used it.",
  })
  lastSeenAt: Date | null;

  @Field(() => AccessReviewDecision, { nullable: true, description: "The decision. Null while there is none." })
  decision: AccessReviewDecision | null;

  @Field(() => DateTime, { nullable: true, description: "When it was decided. Null while there is no decision." })
  decidedAt: Date | null;

  @Field(() => String, { nullable: true, description: "The reviewer's note. Null if there is none." })
  note: string | null;

  @Field(() => OrganizationRole, {
    nullable: true,
    description: "The role that a CHANGE gives. Null if the role stays.",
  })
  newRole: OrganizationRole | null;

  @Field(() => AccessReviewOutcome, {
    nullable: true,
    description: "Result of the decision. Null until the review is completed.",
  })
  outcome: AccessReviewOutcome | null;
}
