import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import {
  buildSchema,
  type FragmentDefinitionNode,
  type GraphQLEnumType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from "graphql";
import { labelOfField, wordsOf } from "../../web/src/pages/audit/field-labels";
import { refusalBehind } from "../../web/src/parts/outcome";
import { wordsOf as wordsOfWhy } from "../../web/src/parts/why";
import { texts } from "../../web/src/texts/en";

const ROOT = path.join(__dirname, "../..");
/** The mutations for services, which people never call. */
const OF_SERVICES = ["provisionUser", "recordUsage", "reportByokFailure"];

const schema = buildSchema(readFileSync(path.join(ROOT, "schema/organizations.graphql"), "utf8"), {
  assumeValid: true,
});
const definitions = readdirSync(path.join(ROOT, "web/src"), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith(".graphql"))
  .flatMap((file) => {
    const { definitions: each } = parse(readFileSync(path.join(ROOT, "web/src", file), "utf8"));
    // The operations of `graph` are for other clients and tests; its fragments are shared.
    return file.startsWith("graph/") ? each.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION) : each;
  });
const fragments = new Map(
  definitions.flatMap(
    (each): Array<[string, FragmentDefinitionNode]> =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
  ),
);
const mutations = definitions.filter(
  (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION && each.operation === "mutation",
);

function sources(): Array<{ file: string; text: string }> {
  return readdirSync(path.join(ROOT, "web/src"), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".tsx"))
    .map((file) => ({ file, text: readFileSync(path.join(ROOT, "web/src", file), "utf8") }));
}

/** The fields of a type in a selection. */
function fieldsOf({ selections }: SelectionSetNode, type: string, isOfType = false): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return isOfType ? [selection.name.value] : [];
    const part = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    return part ? fieldsOf(part.selectionSet, type, part.typeCondition?.name.value === type) : [];
  });
}

test("no sentence that people read names a mutation or a header", () => {
  const names = new RegExp(`\\b(${Object.keys(schema.getMutationType()?.getFields() ?? {}).join("|")})\\b`);
  const files = ["src/domain", "src/commands"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true }).map((file) => path.join(ROOT, folder, String(file))),
  );
  const sentences = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => readFileSync(file, "utf8").match(/"[^"\n]* [^"\n]*"|`[^`\n]* [^`\n]*`/g) ?? []);
  expect(sentences.filter((each) => names.test(each))).toEqual([]);
  const message = sentences.find((each) => /another Idempotency-Key/.test(each)) ?? "";
  expect(wordsOfWhy({ code: "IDEMPOTENCY_KEY_REUSED", message })).not.toContain("Key");
});

test("every refusal has its own text", () => {
  const codes = (schema.getType("RefusalCode") as GraphQLEnumType).getValues().map(({ name }) => name);
  expect(Object.keys(texts.refusals).sort()).toEqual([...codes].sort());
  expect(new Set(Object.values(texts.refusals)).size).toBe(codes.length);
  for (const [code, text] of Object.entries(texts.refusals)) {
    expect(text).not.toContain(code);
    expect(text).toMatch(/^[A-Z][a-z].{5,}[^.]$/);
  }
});

test("every refusal names a next step, and links to it in the same way on every page", () => {
  const { sentences } = texts.nextSteps;
  expect(Object.keys(sentences).sort()).toEqual(Object.keys(texts.refusals).sort());
  for (const sentence of Object.values(sentences)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  const ways = sources().filter(({ text }) => /code === "[A-Z_]+" && [(<]|<RefusalStep /.test(text));
  // The shared link, the check of seats before inviting, and the portal that opens for a declined card.
  expect(ways.map(({ file }) => file).sort()).toEqual([
    "pages/general/leaving.tsx",
    "pages/invite/seats-after.tsx",
    "pages/subscription/change-plan-dialog.tsx",
    "parts/problem.tsx",
  ]);
});

test("the console uses every mutation for people, and selects its refusals", () => {
  const called = mutations.flatMap(({ name, selectionSet }) =>
    selectionSet.selections.flatMap((field) =>
      field.kind === Kind.FIELD && field.selectionSet
        ? [{ document: name?.value, field: field.name.value, refusal: fieldsOf(field.selectionSet, "Refusal").sort() }]
        : [],
    ),
  );
  const all = Object.keys(schema.getMutationType()?.getFields() ?? {}).filter((name) => !OF_SERVICES.includes(name));
  expect([...new Set(called.map(({ field }) => field))].sort()).toEqual(all.sort());
  for (const each of called)
    expect(each).toMatchObject({ refusal: ["code", "limit", "message", "path", "retryAfterSeconds"] });
});

describe("the details of an entry in the audit log", () => {
  const [known, unknown] = ["0190f1a0-0000-7000-8000-000000000001", "0190f1a0-0000-7000-8000-000000000002"];
  const nameOf = (id: string) => (id === known ? "Production" : undefined);

  test.each([
    ["role", "Role"],
    ["scheduledPlanCode", "Scheduled plan"],
    [`workspaces.${known}`, "Access to Production"],
    [`workspaces.${known}.expiresAt`, "Access to Production ends"],
    [`workspaces.${unknown}`, `Access to workspace ${unknown}`],
    [`overridesBack.${known}`, "Role in Production, in effect again"],
    [`${unknown}.decision`, "Decision"],
    [`${unknown}.newGrants.${known}`, "Decided access to Production"],
    [`${unknown}.newGrants.${known}.workspaceName`, "Workspace"],
    ["somethingNew", "Something new"],
  ])("name the field %s as %s", (field, label) => expect(labelOfField(field, nameOf)).toBe(label));

  test.each([
    ["role", "DEVELOPER", "Developer"],
    [`workspaces.${known}`, "ASSIGNED", "By their role"],
    ["status", "PAST_DUE", "Past due"],
    ["enabled", "true", "Yes"],
    ["cloudProvider", "GCP", "GCP"],
    ["name", "KEEP", "KEEP"],
    ["description", "2026-03-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"],
    ["itemCount", "12", "12"],
  ])("show of %s the value %s as %s", (field, value, words) => expect(wordsOf(field, value)).toBe(words));

  test("show times as the viewer reads them", () => {
    expect(wordsOf("expiresAt", "2026-03-01T12:00:00.000Z")).toMatch(/^Mar 1, 2026, \d/);
  });
});

test("a dry run that fails with NOT_FOUND or FORBIDDEN is refused; any other failure says nothing about its mutation", () => {
  const failure = (code: string) => new CombinedGraphQLErrors({ errors: [{ message: "Why.", extensions: { code } }] });
  expect(refusalBehind(failure("NOT_FOUND"))).toEqual({ __typename: "Refusal", message: "Why." });
  expect(refusalBehind(failure("FORBIDDEN"))).toEqual({
    ...{ __typename: "Refusal", code: "FORBIDDEN" },
    message: texts.roleForbids,
  });
  for (const code of ["UNAVAILABLE", "RATE_LIMITED", "INTERNAL_SERVER_ERROR"]) {
    expect(refusalBehind(failure(code))).toBeNull();
  }
  expect(refusalBehind(new Error("Failed to fetch"))).toBeNull();
});
