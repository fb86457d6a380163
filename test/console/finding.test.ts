import type { ViewerMembershipFragment, ViewerWorkspaceFragment } from "../../web/src/graph/generated/graphql";
import { includes } from "../../web/src/parts/includes";
import { rowsFor } from "../../web/src/shell/selector/rows";
import { matchesOf } from "../../web/src/shell/use-found-workspaces";

test("the selector finds organizations with all their workspaces, and workspaces below their organization", () => {
  const membership = (id: string, name: string, workspaces: string[]) => ({
    id,
    organization: {
      ...{ id, name },
      workspaces: { totalCount: workspaces.length, nodes: workspaces.map((each) => ({ id: each, name: each })) },
    },
  });
  const all = [
    membership("a", "Acme", ["Production", "Test"]),
    membership("b", "Beta", ["Acme migration"]),
    membership("c", "Gamma", []),
  ];
  const found = (search: string) =>
    rowsFor(matchesOf(all as unknown as ViewerMembershipFragment[], search)).map(({ id }) => id);
  expect(found("")).toEqual(["a", "Production", "Test", "b", "Acme migration", "c"]);
  expect(found(" ACME ")).toEqual(["a", "Production", "Test", "b", "Acme migration"]);
  expect(found("test")).toEqual(["a", "Test"]);
  expect(found("nothing")).toEqual([]);
});

test("the selector finds workspaces that it has not read, and leads to those that do not fit", () => {
  const workspace = (id: string) => ({ id, name: id });
  const large = { id: "l", name: "Large", workspaces: { totalCount: 120, nodes: [workspace("Team 1")] } };
  const memberships = [{ id: "a", organization: large }] as unknown as ViewerMembershipFragment[];
  const found = (search: string, ...nodes: string[]) => {
    const searched = new Map([["l", { totalCount: 60, nodes: nodes.map(workspace) as ViewerWorkspaceFragment[] }]]);
    return rowsFor(matchesOf(memberships, search, searched)).map(({ id, more }) => `${id}${more ? ` ${more}` : ""}`);
  };
  expect(found("")).toEqual(["a", "Team 1", "a more 119"]);
  expect(found("team 9", "Team 9", "Team 99", "Team 2")).toEqual(["a", "Team 9", "Team 99", "a more 57"]);
  expect(found("nothing", "Team 9")).toEqual([]);
});

test.each([
  ["ΣΊΣΥΦΟΣ", "σίσυφος"],
  ["ΟΣΛΟ", "ΟΣ"],
  ["Straße", "STRASSE"],
  ["Ｐｒｏｄ", "prod"],
  ["Cafe\u0301", "café"],
  ["Bre\u200Bxit", "brexit"],
  ["Test\u00A0 3", "test 3"],
])("the console finds %j by %j, like the service", (name, search) => {
  expect(includes(name, search)).toBe(true);
  expect(includes(name, `${search}x`)).toBe(false);
});
