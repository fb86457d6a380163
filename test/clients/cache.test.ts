import { gql } from "@apollo/client";
import { createCache } from "../../web/src/graph/cache";

const PENDING = gql`query Pending($id: ID!) {
  organization(id: $id) { id invitations(statuses: [PENDING]) { totalCount edges { cursor node { id status } } } }
}`;
const LIST = gql`query List { viewer { id memberships { id organization { id name } } } }`;
const NAME = gql`query Name($id: ID!) { organization(id: $id) { id name } }`;
const MEMBERS = gql`query Members($id: ID!, $after: String) {
  organization(id: $id) { id members(after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }
}`;
const variables = { id: "o" };

const invitation = (id: string) => ({ cursor: id, node: { __typename: "Invitation", id, status: "PENDING" } });

test("an answered invitation leaves the pending list automatically, and the total is updated", () => {
  const cache = createCache();
  const invitations = { __typename: "InvitationConnection", totalCount: 2, edges: [invitation("a"), invitation("b")] };
  cache.writeQuery({
    query: PENDING,
    variables,
    data: { organization: { __typename: "Organization", id: "o", invitations } },
  });
  cache.modify({ id: "Invitation:a", fields: { status: () => "ACCEPTED" } });
  const read = cache.readQuery<{ organization: { invitations: unknown } }>({ query: PENDING, variables });
  expect(read?.organization.invitations).toMatchObject({ totalCount: 1, edges: [{ node: { id: "b" } }] });
});

test("a page opens with data that a list has read, but not with a result that was not found", () => {
  const cache = createCache();
  const organization = { __typename: "Organization", id: "o", name: "Acme" };
  const memberships = [{ __typename: "Member", id: "m", organization }];
  cache.writeQuery({ query: LIST, data: { viewer: { __typename: "User", id: "u", memberships } } });
  expect(cache.readQuery({ query: NAME, variables })).toMatchObject({ organization: { name: "Acme" } });
  expect(cache.readQuery({ query: NAME, variables: { id: "other" } })).toBeNull();
  cache.writeQuery({ query: NAME, variables: { id: "gone" }, data: { organization: null } });
  expect(cache.readQuery({ query: NAME, variables: { id: "gone" } })).toEqual({ organization: null });
});

test("a page is added only to the list that it continues, not to one that was read again meanwhile", () => {
  const cache = createCache();
  const read = (after: string | null, ...ids: string[]) => {
    const edges = ids.map((id) => ({ cursor: id, node: { __typename: "Member", id } }));
    const members = { __typename: "Members", edges, pageInfo: { hasNextPage: true, endCursor: ids.at(-1) } };
    const organization = { __typename: "Organization", id: "o", members };
    cache.writeQuery({ query: MEMBERS, variables: { ...variables, after }, data: { organization } });
    const cursors = JSON.stringify(cache.extract()).match(/(?<="cursor":")./g) ?? [];
    return cursors.join("");
  };
  expect([read(null, "a", "b"), read("b", "c", "d"), read("b", "c", "d")]).toEqual(["ab", "abcd", "abcd"]);
  expect([read(null, "x", "a"), read("d", "e"), read("b", "c", "d")]).toEqual(["xa", "xa", "xa"]);
  expect(read("a", "b")).toBe("xab");
});
