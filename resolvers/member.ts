import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { Member } from "../entities/member";
import { Organization } from "../entities/organization";
import { DateTime } from "../entities/scalars";
import { User } from "../entities/user";
import { FieldPolicy } from "../schema/field-policy";
import { WorkspaceAccess } from "../schema/workspace-access";
import type { Context } from "../src/context";
import type { MemberView } from "../src/store/views/people";
import { orNotFound } from "./or-not-found";

@Resolver(() => Member)
export class MemberResolver {
  @FieldResolver(() => Organization, { description: "The organization that the person is a member of." })
  organization(@Root() member: MemberView, @Ctx() { loaders }: Context) {
    return member.organization ?? orNotFound(loaders.organization.load(member.organizationId), "organization");
  }

  @FieldResolver(() => User, { description: "The person." })
  user(@Root() member: MemberView, @Ctx() { loaders }: Context) {
    return member.user ?? orNotFound(loaders.user.load(member.userId), "user");
  }

  @FieldResolver(() => User, {
    nullable: true,
    description:
      "Who invited the member. Null if they created the organization, and if the viewer cannot see that person.",
  })
  invitedBy(@Root() member: MemberView, @Ctx() { loaders }: Context) {
    return member.invitedById && loaders.user.load(member.invitedById);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      "The day on which the member last used the platform, as midnight in UTC. Null if they never used it. Only the member " +
      "and those with CHANGE_MEMBER_ROLES can read it; for others it is null.",
  })
  async lastSeenAt(@Root() member: MemberView, @Ctx() { loaders }: Context) {
    return (await loaders.lastSeen.load(member.id))?.lastSeenAt ?? null;
  }

  @FieldPolicy({ listSize: 10 })
  @FieldResolver(() => [WorkspaceAccess], {
    description:
      "Workspaces that the member can access, by role or by assignment. Only those that the viewer can access too.",
  })
  workspaceAccess(@Root() member: MemberView, @Ctx() { loaders }: Context) {
    return loaders.memberAccess.load(member);
  }
}
