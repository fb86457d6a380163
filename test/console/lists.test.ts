import type { ApolloCache } from "@apollo/client";
import { createCache } from "../../web/src/graph/cache";
import {
  type MembershipChange,
  MembersInvitationsDocument,
  MembersListDocument,
} from "../../web/src/graph/generated/graphql";
import {
  applyInvitationEvent,
  applyMembershipEvent,
  type InvitationEvent,
  type MembershipEvent,
} from "../../web/src/pages/members/apply-events";
import { addMembership, applyReceivedInvitation } from "../../web/src/shell/apply-viewer-events";

const organizationId = "o";
const ALL = { organizationId, search: null, roles: null, orderBy: "JOINED" } as const;
const pageInfo = { __typename: "PageInfo", hasNextPage: false, endCursor: null };
const member = (id: string) => ({ __typename: "Member", id });
const edgesOf = (nodes: readonly object[]) => nodes.map((node) => ({ __typename: "Edge", cursor: "", node }));
const organization = (field: string, list: object) => ({
  organization: { __typename: "Organization", id: "o", [field]: list },
});

describe("the lists of members", () => {
  const LISTS = {
    plain: ALL,
    searched: { ...ALL, search: "a" },
    admins: { ...ALL, roles: ["ADMIN" as const] },
    named: { ...ALL, orderBy: "NAME" as const },
  };

  function cacheWith(ids: string[], { hasNextPage = false } = {}): ApolloCache {
    const cache = createCache();
    const list = {
      __typename: "MemberConnection",
      totalCount: ids.length,
      edges: edgesOf(ids.map(member)),
      pageInfo: { ...pageInfo, hasNextPage },
    };
    for (const variables of Object.values(LISTS))
      cache.writeQuery({ query: MembersListDocument, variables, data: organization("members", list) as never });
    return cache;
  }
  function idsIn(cache: ApolloCache, variables: object) {
    const found = Object.entries(
      cache.extract() as Record<
        string,
        Record<string, { edges: Array<{ node: { __ref: string } }>; totalCount: number }>
      >,
    )
      .filter(([id]) => id === "Organization:o")
      .flatMap(([, fields]) => Object.entries(fields))
      .find(([name]) => name.startsWith("members:") && same(JSON.parse(name.slice(8)), variables))?.[1];
    return { ids: found?.edges.map(({ node }) => node.__ref.replace("Member:", "")), total: found?.totalCount };
  }
  const same = (args: Record<string, unknown>, variables: object) =>
    ["search", "roles", "orderBy"].every(
      (key) => JSON.stringify(args[key]) === JSON.stringify((variables as Record<string, unknown>)[key]),
    );
  const event = (change: MembershipChange, memberId: string) =>
    ({ change, memberId, member: member(memberId) }) as unknown as MembershipEvent;

  test("drop a person who left or was removed, each list once", () => {
    for (const change of ["REMOVED", "LEFT"] as const) {
      const cache = cacheWith(["a", "b", "c"]);
      expect(applyMembershipEvent(cache, "o", event(change, "b"))).toBe(false);
      expect(applyMembershipEvent(cache, "o", event(change, "b"))).toBe(false);
      for (const variables of Object.values(LISTS))
        expect(idsIn(cache, variables)).toEqual({ ids: ["a", "c"], total: 2 });
    }
  });

  test("add a new member once at the end of the plain list; the other lists are read again", () => {
    for (const change of ["JOINED", "REINSTATED"] as const) {
      const cache = cacheWith(["a", "b"]);
      expect(applyMembershipEvent(cache, "o", event(change, "c"))).toBe(true);
      expect(applyMembershipEvent(cache, "o", event(change, "c"))).toBe(true);
      expect(idsIn(cache, LISTS.plain)).toEqual({ ids: ["a", "b", "c"], total: 3 });
      for (const variables of [LISTS.searched, LISTS.admins, LISTS.named])
        expect(idsIn(cache, variables).total).toBe(2);
    }
  });

  test("do not add a member to a page that is followed by others", () => {
    const cache = cacheWith(["a", "b"], { hasNextPage: true });
    expect(applyMembershipEvent(cache, "o", event("JOINED", "c"))).toBe(true);
    expect(idsIn(cache, LISTS.plain).ids).toEqual(["a", "b"]);
  });

  test("are read again for a new role, but not for workspaces, because no list depends on them", () => {
    const cache = cacheWith(["a"]);
    expect(applyMembershipEvent(cache, "o", event("ROLE_CHANGED", "a"))).toBe(true);
    expect(applyMembershipEvent(cache, "o", event("WORKSPACE_ACCESS_CHANGED", "a"))).toBe(false);
    expect(idsIn(cache, LISTS.plain).ids).toEqual(["a"]);
  });
});

describe("the lists of invitations", () => {
  const variables = (statuses: readonly string[], search: string | null = null) =>
    ({ organizationId, search, statuses }) as never;
  const invitation = (id: string, status = "PENDING") => ({ __typename: "Invitation", id, status });

  function cacheWith() {
    const cache = createCache();
    const list = { __typename: "InvitationConnection", totalCount: 1, edges: edgesOf([invitation("a")]), pageInfo };
    for (const search of [null, "ada"])
      cache.writeQuery({
        query: MembersInvitationsDocument,
        variables: variables(["PENDING"], search),
        data: organization("invitations", list) as never,
      });
    const none = { ...list, totalCount: 0, edges: [] };
    cache.writeQuery({
      query: MembersInvitationsDocument,
      variables: variables(["ACCEPTED", "DECLINED"]),
      data: organization("invitations", none) as never,
    });
    return cache;
  }
  function totals(cache: ApolloCache) {
    const fields = (cache.extract() as Record<string, Record<string, { totalCount: number }>>)["Organization:o"] ?? {};
    return Object.entries(fields).flatMap(([name, list]) => (name.startsWith("invitations") ? [list.totalCount] : []));
  }
  const event = (id: string, status: string) => ({ invitation: invitation(id, status) }) as unknown as InvitationEvent;

  test("add a new one once in front, but not to the results of a search", () => {
    const cache = cacheWith();
    for (let time = 0; time < 2; time += 1) applyInvitationEvent(cache, "o", event("b", "PENDING"));
    expect(totals(cache)).toEqual([2, 1, 0]);
  });

  test("move an answered one from the pending to the answered ones", () => {
    const cache = cacheWith();
    for (let time = 0; time < 2; time += 1) applyInvitationEvent(cache, "o", event("a", "ACCEPTED"));
    expect(totals(cache)).toEqual([0, 0, 1]);
    applyInvitationEvent(cache, "o", event("a", "CANCELED"));
    expect(totals(cache)).toEqual([0, 0, 0]);
  });

  test("of another organization do not change", () => {
    const cache = cacheWith();
    applyInvitationEvent(cache, "other", event("a", "ACCEPTED"));
    expect(totals(cache)).toEqual([1, 1, 0]);
  });
});

describe("the viewer's lists", () => {
  function cacheWith() {
    const cache = createCache();
    cache.restore({
      "User:u": {
        __typename: "User",
        id: "u",
        memberships: [{ __ref: "Member:a" }],
        receivedInvitations: [{ __ref: "Invitation:i" }],
      },
    });
    return cache;
  }
  const listOf = (cache: ApolloCache, field: string) =>
    (cache.extract() as Record<string, Record<string, Array<{ __ref: string }>>>)["User:u"]?.[field]?.map(
      ({ __ref }) => __ref,
    );

  test("contain a membership once", () => {
    const cache = cacheWith();
    for (let time = 0; time < 2; time += 1) addMembership(cache, "u", "b");
    expect(listOf(cache, "memberships")).toEqual(["Member:a", "Member:b"]);
  });

  test("contain pending invitations, newest first, and report which one is new", () => {
    const cache = cacheWith();
    expect(applyReceivedInvitation(cache, "u", { id: "j", status: "PENDING" })).toBe(true);
    expect(applyReceivedInvitation(cache, "u", { id: "j", status: "PENDING" })).toBe(false);
    expect(listOf(cache, "receivedInvitations")).toEqual(["Invitation:j", "Invitation:i"]);
    expect(applyReceivedInvitation(cache, "u", { id: "j", status: "CANCELED" })).toBe(false);
    expect(listOf(cache, "receivedInvitations")).toEqual(["Invitation:i"]);
  });
});
