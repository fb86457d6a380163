import { ArgsType, Field, ID, Int } from "type-graphql";
import { DateTime } from "../entities/scalars";
import { InvitationStatus } from "../src/domain/invitation";
import { OrganizationRole } from "../src/domain/role";

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 50, description: "1 to 100." })
  first?: number | null;

  @Field(() => String, { nullable: true, description: "A cursor of this list." })
  after?: string | null;
}

@ArgsType()
export class MemberArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: "Matches name and e-mail, case-insensitively." })
  search?: string | null;

  @Field(() => [OrganizationRole], { nullable: true })
  roles?: OrganizationRole[] | null;
}

@ArgsType()
export class WorkspaceArgs extends PageArgs {
  @Field(() => String, { nullable: true })
  search?: string | null;
}

@ArgsType()
export class InvitationArgs extends PageArgs {
  @Field(() => [InvitationStatus], { nullable: true, defaultValue: ["PENDING"] })
  statuses?: InvitationStatus[] | null;
}

@ArgsType()
export class AuditArgs extends PageArgs {
  @Field(() => [String], { nullable: true })
  types?: string[] | null;

  @Field(() => ID, { nullable: true })
  actorId?: string | null;

  @Field(() => ID, { nullable: true })
  workspaceId?: string | null;

  @Field(() => DateTime, { nullable: true })
  since?: Date | null;

  @Field(() => DateTime, { nullable: true })
  until?: Date | null;
}
