import { parse, print, visit } from "graphql";
import { breakingChanges } from "../../bin/check-schema";
import { buildSubgraph } from "../../src/server/graphql/schema";

// Without descriptions, so that the texts below can be replaced.
const sdl = print(
  visit(parse(buildSubgraph().sdl), {
    enter: (node) => ("description" in node ? { ...node, description: undefined } : undefined),
  }),
);

test("additions to the schema break no client", async () => {
  const more = sdl.replace("type PageInfo @shareable {", "type PageInfo @shareable {\n  size: Int");
  expect(more).not.toBe(sdl);
  expect(await breakingChanges(sdl, more)).toEqual([]);
});

test.each([
  ["a removed field", "  isPersonal: Boolean!\n", ""],
  ["a field that becomes nullable", "  isPersonal: Boolean!\n", "  isPersonal: Boolean\n"],
  ["an argument that becomes required", "organization(id: ID!)", "organization(id: ID!, at: String!)"],
  ["a removed value of an enum", "  RUN_OPERATIONS\n", ""],
])("%s breaks clients", async (_, from, to) => {
  const changed = sdl.replaceAll(from, to);
  expect(changed).not.toBe(sdl);
  expect(await breakingChanges(sdl, changed)).not.toEqual([]);
});
