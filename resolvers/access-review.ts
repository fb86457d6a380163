import { Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { AccessReview } from "../entities/access-review";
import { Member } from "../entities/member";
import { Organization } from "../entities/organization";
import { User } from "../entities/user";
import { AccessReviewItem } from "../schema/access-review";
import { AccessReviewItemConnection } from "../schema/connection";
import { FieldPolicy } from "../schema/field-policy";
import { WorkspaceGrant } from "../schema/invitation";
import { AccessReviewItemArgs } from "../schema/page-arguments";
import { Refusal } from "../schema/refusal";
import type { Context } from "../src/context";
import { AccessReviewFinding, decisionRefusal, findingsOf } from "../src/domain/access-review";
import type { AccessReviewItemView } from "../src/store/views/access-review-items";
import type { AccessReviewView } from "../src/store/views/access-reviews";
import { readAccessReviewItems } from "./lists";
import { orNotFound } from "./or-not-found";
import { toRefusal } from "./run-mutation";

@Resolver(() => AccessReview)
export class AccessReviewResolver {
  @FieldResolver(() => Organization, { description: "The organization whose access is reviewed." })
  organization(@Root() review: AccessReviewView, @Ctx() { loaders }: Context) {
    return orNotFound(loaders.organization.load(review.organizationId), "organization");
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: "Who started it. Null if the viewer cannot see that person.",
  })
  startedBy(@Root() review: AccessReviewView, @Ctx() { loaders }: Context) {
    return review.startedById && loaders.user.load(review.startedById);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: "Who completed it. Null if it is not completed, and if the viewer cannot see that person.",
  })
  completedBy(@Root() review: AccessReviewView, @Ctx() { loaders }: Context) {
    return review.completedById && loaders.user.load(review.completedById);
  }

  @FieldResolver(() => AccessReviewItemConnection, {
    description: "The members in the review.",
  })
  items(
    @Root() review: AccessReviewView,
    @Args(() => AccessReviewItemArgs) args: AccessReviewItemArgs,
    @Ctx() context: Context,
  ) {
    return readAccessReviewItems(context, review, args);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "SHA-256 of the audit log's event that completed the review, hexadecimal. The export has the data that it is " +
      "computed from. Null until the review is completed.",
  })
  evidenceHash(@Root() review: AccessReviewView) {
    return review.evidenceHash;
  }
}

@Resolver(() => AccessReviewItem)
export class AccessReviewItemResolver {
  @FieldResolver(() => Member, { nullable: true, description: "The member today. Null once they have left." })
  member(@Root() item: AccessReviewItemView, @Ctx() { loaders }: Context) {
    return loaders.member.load(item.memberId);
  }

  @FieldPolicy({ listSize: 10 })
  @FieldResolver(() => [WorkspaceGrant], {
    description:
      "Workspaces that were assigned to them when the review started, oldest first. They have no effect for Owners and " +
      "Admins.",
  })
  grants(@Root() item: AccessReviewItemView) {
    return item.grants;
  }

  @FieldPolicy({ listSize: 2 })
  @FieldResolver(() => [AccessReviewFinding], {
    description: "Reasons to look at this member's access. Empty if there are none.",
  })
  findings(@Root() item: AccessReviewItemView) {
    return findingsOf(item, item.reviewStartedAt);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: "Who decided. Null while there is no decision, and if the viewer cannot see that person.",
  })
  decidedBy(@Root() item: AccessReviewItemView, @Ctx() { loaders }: Context) {
    return item.decidedById && loaders.user.load(item.decidedById);
  }

  @FieldPolicy({ listSize: 10 })
  @FieldResolver(() => [WorkspaceGrant], {
    nullable: true,
    description: "The workspaces that a CHANGE gives. Null if they stay.",
  })
  newGrants(@Root() item: AccessReviewItemView) {
    return item.newGrants;
  }

  @FieldResolver(() => Refusal, {
    nullable: true,
    description: "Why the viewer cannot decide on this member with decideAccessReview. Null if they can.",
  })
  decisionRefusal(@Root() item: AccessReviewItemView, @Ctx() { viewer }: Context) {
    const refusal = decisionRefusal(viewer, item.viewerRole, item.reviewStatus, item);
    return refusal && toRefusal(refusal);
  }
}
