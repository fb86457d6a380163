/** @own-modules type-graphql reverses some arguments in each further schema that a process builds. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  parse,
  print,
  visit,
} from "graphql";
import { PLANS } from "../../src/domain/plan";
import { buildSubgraph } from "../../src/server/graphql/schema";

const EMITTED = path.join(__dirname, "..", "..", "schema", "organizations.graphql");
/** The contracts' types and the catalogue of plans, without descriptions. */
const CONTRACT = path.join(__dirname, "contract");
/** The contract itself. Only development machines have it, next to the checkout. */
const ORIGINAL = path.join(__dirname, "..", "..", "..", "shared", "contract");
const SDL_FILES = ["organizations.graphql", "organizations-v2.graphql"];
const PLANS_FILE = "plans.json";

test("the committed schema equals the one that the code emits", () => {
  expect(readFileSync(EMITTED, "utf8")).toBe(buildSubgraph().sdl);
});

if (existsSync(ORIGINAL)) {
  test.each(SDL_FILES)("the copy of %s equals the contract without descriptions", (file) => {
    expect(print(parse(read(CONTRACT, file)))).toBe(print(withoutDescriptions(read(ORIGINAL, file))));
  });

  test("the copy of the catalogue of plans equals the contract's", () => {
    expect(JSON.parse(read(CONTRACT, PLANS_FILE))).toEqual(JSON.parse(read(ORIGINAL, PLANS_FILE)));
  });
}

describe("the built part matches the contract", () => {
  const sdl = SDL_FILES.map((file) => read(CONTRACT, file)).join("\n");
  const contract = plain(sdl);
  const emitted = plain(readFileSync(EMITTED, "utf8"));

  test("every field and argument has the contract's type", () => {
    const differences = Object.values(emitted.getTypeMap()).flatMap((type) => {
      const promised = contract.getType(type.name);
      if (!(isObjectType(type) || isInputObjectType(type)) || !(isObjectType(promised) || isInputObjectType(promised)))
        return [];
      return Object.values(type.getFields()).flatMap((field) => {
        const other = promised.getFields()[field.name];
        if (!other) return [];
        const added = requiredArgumentsBeyond(field, other);
        const absent = argumentsOf(other).filter((argument) => !argumentsOf(field).includes(argument));
        const isSame = String(field.type) === String(other.type) && added.length + absent.length === 0;
        return isSame
          ? []
          : [{ field: `${type.name}.${field.name}: ${field.type}`, promised: other.type, absent, added }];
      });
    });
    expect(differences).toEqual([]);
  });

  test("no type, field, argument, enum value or union member of the contract is missing", () => {
    const absent = Object.values(contract.getTypeMap()).flatMap((promised) => {
      const { name } = promised;
      if (name.startsWith("__")) return [];
      const built = emitted.getType(name);
      if (!built) return [name];
      return partsOf(promised)
        .filter((part) => !partsOf(built).includes(part))
        .map((part) => `${name}.${part}`);
    });
    expect(absent).toEqual([]);
  });

  test("keys, inaccessible elements and shareable fields equal the contract's", () => {
    const promised = marksOf(sdl);
    expect(promised).not.toEqual([]);
    expect(promised.filter((mark) => !marksOf(readFileSync(EMITTED, "utf8")).includes(mark))).toEqual([]);
  });

  test("the catalogue of plans equals the contract's", () => {
    expect(PLANS).toEqual(JSON.parse(read(CONTRACT, PLANS_FILE)));
  });
});

function read(folder: string, file: string): string {
  return readFileSync(path.join(folder, file), "utf8");
}

function withoutDescriptions(sdl: string): DocumentNode {
  return visit(parse(sdl), {
    enter: (node) => ("description" in node ? { ...node, description: undefined } : undefined),
  });
}

/** The places of the federation directives that other services rely on. */
function marksOf(sdl: string): string[] {
  const marks: string[] = [];
  const note = (place: string, directives: readonly ConstDirectiveNode[] = []) => {
    for (const directive of directives) {
      if (["key", "inaccessible", "shareable"].includes(directive.name.value))
        marks.push(`${place} ${print(directive)}`);
    }
  };
  for (const definition of parse(sdl).definitions) {
    if (!("name" in definition) || !definition.name || !("directives" in definition)) continue;
    const { value: type } = definition.name;
    note(type, definition.directives as readonly ConstDirectiveNode[]);
    const fields = "fields" in definition ? definition.fields : undefined;
    for (const { name, directives } of fields ?? []) note(`${type}.${name.value}`, directives);
  }
  return marks;
}

test("every root field that is not open has directives for sign-in and scopes", () => {
  const said = new Map<string, string[]>();
  for (const definition of parse(readFileSync(EMITTED, "utf8")).definitions) {
    if (definition.kind !== "ObjectTypeDefinition") continue;
    if (!["Query", "Mutation", "Subscription"].includes(definition.name.value)) continue;
    for (const { name, directives } of definition.fields ?? []) {
      const marks = directives?.filter(({ name: { value } }) => ["authenticated", "requiresScopes"].includes(value));
      said.set(
        name.value,
        (marks ?? []).map((mark) => print(mark)),
      );
    }
  }
  const open = ["invitation", "plans", "roles"];
  const scopes: Record<string, string> = {
    checkPermissions: "permissions:read",
    llmAccess: "credentials:read",
    organizationEvents: "events:read",
    provisionUser: "users:provision",
    recordUsage: "usage:write",
    reportByokFailure: "credentials:read",
  };
  for (const [name, marks] of said) {
    const scope = scopes[name];
    const expected = open.includes(name) ? [] : [scope ? `@requiresScopes(scopes: [["${scope}"]])` : "@authenticated"];
    expect([name, marks]).toEqual([name, expected]);
  }
});

function partsOf(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  if (isUnionType(type)) return type.getTypes().map(({ name }) => name);
  return isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : [];
}

function argumentsOf(field: object): string[] {
  const args = "args" in field ? (field.args as readonly GraphQLArgument[]) : [];
  return args.map((arg) => `${arg.name}: ${arg.type} = ${JSON.stringify(arg.defaultValue)}`).sort();
}

/** Required arguments of a field that the other schema lacks. */
function requiredArgumentsBeyond(field: object, other: object): string[] {
  const names = "args" in other ? (other.args as readonly GraphQLArgument[]).map(({ name }) => name) : [];
  const args = "args" in field ? (field.args as readonly GraphQLArgument[]) : [];
  return args.filter((arg) => isRequiredArgument(arg) && !names.includes(arg.name)).map(({ name }) => name);
}

/** A schema without federation, which plain graphql can build. */
function plain(sdl: string): GraphQLSchema {
  const document = parse(sdl);
  const definitions = document.definitions.filter((node) => node.kind !== "SchemaExtension");
  const withoutFederation = visit(
    { ...document, definitions },
    { Directive: ({ name }) => (["key", "shareable", "inaccessible"].includes(name.value) ? null : undefined) },
  );
  return buildASTSchema(withoutFederation, { assumeValidSDL: true });
}
