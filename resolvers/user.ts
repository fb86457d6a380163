import { Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Invitation } from "../entities/invitation";
import { Member } from "../entities/member";
import { User } from "../entities/user";
import { MemberConnection } from "../schema/connection";
import { FieldPolicy } from "../schema/field-policy";
import { PageArgs } from "../schema/page-arguments";
import { RestorableOrganization } from "../schema/restorable-organization";
import type { Context } from "../src/context";
import { assertSignedIn } from "../src/domain/authorization";
import { forbidden } from "../src/domain/denial";
import { MAX_PENDING_PER_ADDRESS } from "../src/domain/inviting";
import { restorableUntil } from "../src/domain/organization";
import type { Person } from "../src/domain/viewer";
import { writePositions } from "../src/store/events/positions";
import { restorableOrganizations } from "../src/store/views/organizations";
import { receivedInvitations } from "../src/store/views/received-invitations";
import type { UserView } from "../src/store/views/users";
import { readMemberships } from "./lists";

const SELF_ONLY = "Only the user themselves can read it; for others it is null with a FORBIDDEN error.";

@Resolver(() => User)
export class UserResolver {
  @FieldPolicy({ access: "signed-in" })
  @Query(() => User, {
    description: "The signed-in person. Their first request creates their account. For a service, a FORBIDDEN error.",
  })
  viewer(@Ctx() { viewer }: Context) {
    assertSignedIn(viewer);
    if (viewer.kind === "service")
      throw forbidden("Only a person has a 'viewer', and this is a service's token. Sign in as a person.");
    return viewer;
  }

  // The usual lengths of these lists. A person with more gets at most one page (MAX_PAGE_SIZE).
  @FieldPolicy({ listSize: 20 })
  @FieldResolver(() => [Member], {
    nullable: true,
    description:
      "The user's first 100 memberships: the personal organization, then the oldest first. 'allMemberships' has the rest. " +
      SELF_ONLY,
  })
  async memberships(@Root() user: UserView, @Ctx() context: Context) {
    assertSelf(context, user);
    const organizations = await context.loaders.myOrganizations();
    return organizations.map(({ viewerMember }) => viewerMember);
  }

  @FieldResolver(() => MemberConnection, {
    nullable: true,
    description: `All memberships of the user, in the order of 'memberships'. ${SELF_ONLY}`,
  })
  allMemberships(@Root() user: UserView, @Args(() => PageArgs) args: PageArgs, @Ctx() context: Context) {
    assertSelf(context, user);
    return readMemberships(context, user.id, args);
  }

  @FieldPolicy({ listSize: MAX_PENDING_PER_ADDRESS })
  @FieldResolver(() => [Invitation], {
    nullable: true,
    description: `Pending invitations to the user's verified e-mail address, newest first. ${SELF_ONLY}`,
  })
  receivedInvitations(@Root() user: UserView, @Ctx() context: Context) {
    assertSelf(context, user);
    return receivedInvitations(context.services.database, context.services.clock.now(), user.id);
  }

  @FieldPolicy({ listSize: 20 })
  @FieldResolver(() => [RestorableOrganization], {
    nullable: true,
    description:
      "Deleted organizations that the user may restore with restoreOrganization, newest deletion first, at most 100. " +
      SELF_ONLY,
  })
  async restorableOrganizations(@Root() user: UserView, @Ctx() context: Context) {
    assertSelf(context, user);
    const { database, clock } = context.services;
    const deleted = await restorableOrganizations(database, user.id, clock.now());
    return deleted.map((each) => ({ ...each, restorableUntil: restorableUntil(each.deletedAt) }));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "Position in the changes of the user's memberships. viewerMembershipChanged with it as 'after' continues where this " +
      `answer ends. ${SELF_ONLY}`,
  })
  async membershipCursor(@Root() user: UserView, @Ctx() context: Context) {
    assertSelf(context, user);
    return context.epochs.tag(writePositions(user.id, await context.loaders.membershipHeads.positions()));
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      "Whether the identity provider verified the e-mail address. Until then nobody else sees the address, and no mail or " +
      `invitation reaches it. ${SELF_ONLY}`,
  })
  emailVerified(@Root() user: UserView, @Ctx() context: Context) {
    return assertSelf(context, user).emailVerified;
  }
}

function assertSelf({ viewer }: Context, user: UserView): Person {
  if (viewer.kind === "person" && viewer.id === user.id) return viewer;
  throw forbidden("Only the user themselves can read this.");
}
