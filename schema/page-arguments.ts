import { ArgsType, Field, ID, Int } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { AccessReviewItemOrder, AccessReviewStatus } from "../src/domain/access-review";
import { InvitationStatus } from "../src/domain/invitation";
import { MemberOrder } from "../src/domain/member-order";
import { OrganizationRole } from "../src/domain/role";

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 50, description: "Page size, 1 to 100." })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Cursor to continue from: the endCursor of the page before. Null or absent: the first page.",
  })
  after?: string | null;
}

@ArgsType()
export class MemberArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: "Only people whose name or e-mail address contains this, in any case. Null or absent: all.",
  })
  search?: string | null;

  @Field(() => [OrganizationRole], {
    nullable: true,
    description: "Only members with one of these roles. Null or absent: all.",
  })
  roles?: OrganizationRole[] | null;

  @Field(() => MemberOrder, {
    defaultValue: "JOINED",
    description:
      "Order of the list. A cursor is valid only in the order in which it was read. LAST_SEEN requires CHANGE_MEMBER_ROLES.",
  })
  orderBy: MemberOrder;
}

@ArgsType()
export class WorkspaceArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: "Only workspaces whose name contains this, in any case. Null or absent: all.",
  })
  search?: string | null;
}

@ArgsType()
export class InvitationArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: "Only invitations of addresses that contain this, in any case. Null or absent: all.",
  })
  search?: string | null;

  @Field(() => [InvitationStatus], {
    nullable: true,
    defaultValue: ["PENDING"],
    description: "Only invitations in one of these states. Null: all.",
  })
  statuses?: InvitationStatus[] | null;
}

@ArgsType()
export class AccessReviewArgs extends PageArgs {
  @Field(() => [AccessReviewStatus], {
    nullable: true,
    description: "Only reviews in one of these states. Null or absent: all.",
  })
  statuses?: AccessReviewStatus[] | null;
}

@ArgsType()
export class AccessReviewItemArgs extends PageArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: "True: only items without a decision. False, null or absent: all.",
  })
  undecided?: boolean | null;

  @Field(() => AccessReviewItemOrder, {
    defaultValue: "JOINED",
    description: "Order of the list. A cursor is valid only in the order in which it was read.",
  })
  orderBy: AccessReviewItemOrder;
}

@ArgsType()
export class AuditArgs extends PageArgs {
  @Field(() => [String], {
    nullable: true,
    description: "Only events of these types, e.g. 'member.joined'. Null or absent: all.",
  })
  types?: string[] | null;

  @Field(() => ID, { nullable: true, description: "Only changes by this person. Null or absent: by anyone." })
  actorId?: string | null;

  @Field(() => ID, { nullable: true, description: "Only changes that concern this workspace. Null or absent: all." })
  workspaceId?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Only changes from this instant on. Null or absent: from the first.",
  })
  since?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Only changes before this instant. Null or absent: up to now.",
  })
  until?: Date | null;
}
