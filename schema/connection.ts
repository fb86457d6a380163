import { type ClassType, Directive, Field, Int, ObjectType } from "type-graphql";
import { AccessReview } from "../entities/access-review";
import { Invitation } from "../entities/invitation";
import { Member } from "../entities/member";
import { OrganizationEvent } from "../entities/organization-event";
import { Workspace } from "../entities/workspace";
import { AccessReviewItem } from "./access-review";
import { WorkspaceAccess } from "./workspace-access";

@ObjectType({ simpleResolvers: true, description: "Position of a page in its list." })
@Directive("@shareable")
export class PageInfo {
  @Field(() => Boolean, { description: "Whether items follow this page." })
  hasNextPage: boolean;

  @Field(() => Boolean, { description: "Whether items precede this page." })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the first item. Null for an empty page." })
  startCursor: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Cursor of the last item, for 'after'. Null for an empty page.",
  })
  endCursor: string | null;
}

/** A list's connection by Relay's specification. `pageOf` makes the values. */
function connectionOf(node: ClassType<object>, name: string) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: "An item with its cursor." })
  class Edge {
    @Field(() => node, { description: "The item." })
    node: object;

    @Field(() => String, { description: "Position of the item, for 'after'." })
    cursor: string;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: "One page of a list." })
  class Connection {
    @Field(() => [Edge], { description: "The items of the page with their cursors." })
    edges: Edge[];

    @Field(() => [node], { description: "The items of the page." })
    nodes: object[];

    @Field(() => PageInfo, { description: "Whether there are more pages, and where they start." })
    pageInfo: PageInfo;

    // The field is not simple, because compiled queries await a field only if it has a resolver.
    @Field(() => Int, { simple: false, description: "Number of items on all pages." })
    totalCount: number;
  }
  return Connection;
}

export const MemberConnection = connectionOf(Member, "Member");
export const InvitationConnection = connectionOf(Invitation, "Invitation");
export const WorkspaceConnection = connectionOf(Workspace, "Workspace");
export const WorkspaceAccessConnection = connectionOf(WorkspaceAccess, "WorkspaceAccess");
export const AccessReviewConnection = connectionOf(AccessReview, "AccessReview");
export const AccessReviewItemConnection = connectionOf(AccessReviewItem, "AccessReviewItem");
export const AuditEventConnection = connectionOf(OrganizationEvent, "AuditEvent");
