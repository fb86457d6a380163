import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { Member } from "../entities/member";
import { Organization } from "../entities/organization";
import { User } from "../entities/user";
import { WorkspaceAccess } from "../schema/workspace-access";
import type { Context } from "../src/context";
import type { MemberView } from "../src/store/views/people";
import { present } from "./permitted";

@Resolver(() => Member)
export class MemberResolver {
  @FieldResolver(() => Organization)
  organization(@Root() member: MemberView, @Ctx() { loaders }: Context) {
    return member.organization ?? present("organization", loaders.organization.load(member.organizationId));
  }

  @FieldResolver(() => User)
  user(@Root() member: MemberView, @Ctx() { loaders }: Context) {
    return member.user ?? present("user", loaders.user.load(member.userId));
  }

  @FieldResolver(() => User, { nullable: true })
  invitedBy(@Root() member: MemberView, @Ctx() { loaders }: Context) {
    return member.invitedById && loaders.user.load(member.invitedById);
  }

  @FieldResolver(() => [WorkspaceAccess], {
    description: "Effective access, implicit access included, to workspaces that the viewer may access too.",
  })
  workspaceAccess(@Root() member: MemberView, @Ctx() { loaders }: Context) {
    return loaders.memberAccess.load(member);
  }
}
