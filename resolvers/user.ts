import { Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Invitation } from "../entities/invitation";
import { Member } from "../entities/member";
import { User } from "../entities/user";
import { MemberConnection } from "../schema/connection";
import { PageArgs } from "../schema/page-arguments";
import type { Context } from "../src/context";
import { forbidden, unauthenticated } from "../src/domain/denial";
import type { Person } from "../src/domain/viewer";
import { receivedInvitations } from "../src/store/views/invitations";
import type { UserView } from "../src/store/views/users";
import { readMemberships } from "./lists";

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { description: "The signed-in user, provisioned by their first authenticated request." })
  viewer(@Ctx() context: Context) {
    return asPerson(context);
  }

  @FieldResolver(() => [Member], {
    nullable: true,
    description:
      "Only for the user themself. Oldest first; the personal organization is the first. The first 100: 'allMemberships' has pages of all.",
  })
  async memberships(@Root() user: UserView, @Ctx() context: Context) {
    assertSelf(context, user);
    const organizations = await context.loaders.myOrganizations();
    return organizations.map(({ viewerMember }) => viewerMember);
  }

  @FieldResolver(() => MemberConnection, {
    nullable: true,
    description: "All memberships, in the order of 'memberships'. Only for the user themself.",
  })
  allMemberships(@Root() user: UserView, @Args(() => PageArgs) args: PageArgs, @Ctx() context: Context) {
    assertSelf(context, user);
    return readMemberships(context, user.id, args);
  }

  @FieldResolver(() => [Invitation], {
    nullable: true,
    description: "Pending invitations to the user's verified e-mail address. Only for the user themself.",
  })
  receivedInvitations(@Root() user: UserView, @Ctx() context: Context) {
    assertSelf(context, user);
    return receivedInvitations(context.services.database, context.services.clock.now(), user.id);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      "Whether the identity provider has verified the address. While it has not, nobody else is shown it, and no mail or invitation reaches it. Only for the user themself.",
  })
  emailVerified(@Root() user: UserView, @Ctx() context: Context) {
    return assertSelf(context, user).emailVerified;
  }
}

function asPerson({ viewer }: Context): Person {
  if (viewer.kind === "person") return viewer;
  throw viewer.kind === "anonymous" ? unauthenticated() : forbidden("A service is nobody in particular.");
}

function assertSelf({ viewer }: Context, user: UserView): Person {
  if (viewer.kind === "person" && viewer.id === user.id) return viewer;
  throw forbidden("This is for the user themself alone.");
}
