import { parse, visit } from "graphql";
import { createLog } from "../../src/log";
import { formatError } from "../../src/server/graphql/format-error";
import { buildSubgraph } from "../../src/server/graphql/schema";

const log = createLog("silent");
const formatted = (what: string) =>
  formatError({ message: what, extensions: { code: "BAD_USER_INPUT" } }, new Error(what), log, "1").message;

test("errors can show every name of the schema, alone and in a path", () => {
  const names = new Set<string>();
  visit(parse(buildSubgraph().sdl), { Name: ({ value }) => void names.add(value) });
  expect(names.size).toBeGreaterThan(200);
  for (const name of names) {
    expect(formatted(`Unknown field "${name}" at "input.${name}"; expected "[${name}!]!".`)).toBe(
      `Unknown field "${name}" at "input.${name}"; expected "[${name}!]!".`,
    );
  }
});

test("errors show no long text, even of names", () => {
  expect(formatted(`Unknown field "${"name.".repeat(19)}names".`)).toContain("names");
  expect(formatted(`Unknown field "${"name.".repeat(20)}x".`)).toBe('Unknown field "…".');
});

test.each([
  ["letters alone", "FuswJsMzXhZrAmdpUeYAGVYyyOVMqfeVIzJJDzAV"],
  ["an id of capitals alone", "AKIAIOSFODNNEXAMPLEQ"],
  ["small letters alone", "fuswjsmzxhzramdpueyagvyyyovmqfevizjjdzav"],
  ["with what base64 has", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"],
  ["after a name", "credentials.wJalrXUtnFEMIbPxRfiCYEXAMPLEKEY"],
])("errors never show a secret: %s", (_, secret) => {
  expect(formatted(`Value "${secret}" does not exist in "InferenceProfile" enum.`)).toBe(
    'Value "…" does not exist in "InferenceProfile" enum.',
  );
});
