import { type ClassType, Directive, Field, Int, ObjectType } from "type-graphql";
import { Invitation } from "../entities/invitation";
import { Member } from "../entities/member";
import { OrganizationEvent } from "../entities/organization-event";
import { Workspace } from "../entities/workspace";
import { WorkspaceAccess } from "./workspace-access";

@ObjectType({ simpleResolvers: true })
@Directive("@shareable")
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage: boolean;

  @Field(() => Boolean)
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true })
  startCursor: string | null;

  @Field(() => String, { nullable: true })
  endCursor: string | null;
}

/** The connection of a list, as Relay has them. Values are made by `pageOf`. */
function connectionOf(node: ClassType<object>, name: string) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class Edge {
    @Field(() => node)
    node: object;

    @Field(() => String)
    cursor: string;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true })
  class Connection {
    @Field(() => [Edge])
    edges: Edge[];

    @Field(() => [node])
    nodes: object[];

    @Field(() => PageInfo)
    pageInfo: PageInfo;

    // Not simple: only a field with a resolver may be a promise in a compiled query.
    @Field(() => Int, { simple: false })
    totalCount: number;
  }
  return Connection;
}

export const MemberConnection = connectionOf(Member, "Member");
export const InvitationConnection = connectionOf(Invitation, "Invitation");
export const WorkspaceConnection = connectionOf(Workspace, "Workspace");
export const WorkspaceAccessConnection = connectionOf(WorkspaceAccess, "WorkspaceAccess");
export const AuditEventConnection = connectionOf(OrganizationEvent, "AuditEvent");
