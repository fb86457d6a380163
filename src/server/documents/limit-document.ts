import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  visit,
} from "graphql";
import { policyOf } from "../../../schema/field-policy";
import { type Field, type GivenVariables, sizeOf } from "./field-size";
import { type Fragments, fragmentsOf, innermostFirst } from "./fragments";
import { limitPairs } from "./limit-pairs";
import { assertWithin, LIMITS, plus, times, tooMuch } from "./limits";
import { assertUnconditionalRoot } from "./subscription-root";

/** The size of a selection set, with every fragment counted wherever it is spread. */
export interface Weight {
  /** Fields, inline fragments and spreads. */
  fields: number;
  aliases: number;
  directives: number;
  /** Fields at the top level, including those of fragments. */
  breadth: number;
  /** Levels of fields. */
  depth: number;
  /** Levels of selections: fragments add to the nesting, but not to the depth. */
  nesting: number;
  cost: number;
}

const NOTHING: Weight = { fields: 0, aliases: 0, directives: 0, breadth: 0, depth: 0, nesting: 0, cost: 0 };

/**
 * Refuses a document that exceeds the limits. Runs before validation and compilation, which take minutes for a hostile
 * document. Weighs every fragment once, in time linear in the document. Throws GRAPHQL_VALIDATION_FAILED.
 */
export function limitDocument(schema: GraphQLSchema, document: DocumentNode, variables: GivenVariables): void {
  assertCounts(document);
  const fragments = fragmentsOf(document);
  const weigher = new Weigher(schema, fragments, variables);
  for (const definition of document.definitions) {
    const weight = weigher.weigh(definition);
    if (!weight || !("selectionSet" in definition)) continue;
    if (definition.kind === "OperationDefinition") assertWithin(weight.breadth, LIMITS.rootFields, "root fields");
    assertWeight(weight);
    limitPairs(definition.selectionSet, fragments);
    assertUnconditionalRoot(definition, fragments);
  }
}

/** The number of selections of a document's operations, with fragments expanded. */
export function expandedSelections(schema: GraphQLSchema, document: DocumentNode): number {
  const weigher = new Weigher(schema, fragmentsOf(document), "any");
  return document.definitions
    .filter(({ kind }) => kind === "OperationDefinition")
    .reduce((sum, operation) => plus(sum, weigher.weigh(operation)?.fields ?? 0), 0);
}

/** Checks the document without expansion: of several operations one is executed, but all are validated. */
function assertCounts(document: DocumentNode): void {
  const counts = { fields: 0, fragments: 0, aliases: 0, directives: 0 };
  visit(document, {
    Field: ({ alias }) => {
      counts.fields += 1;
      if (alias) counts.aliases += 1;
    },
    FragmentDefinition: () => {
      counts.fragments += 1;
    },
    FragmentSpread: () => {
      counts.fields += 1;
    },
    InlineFragment: () => {
      counts.fields += 1;
    },
    Directive: () => {
      counts.directives += 1;
    },
  });
  for (const [what, count] of Object.entries(counts)) assertWithin(count, LIMITS[what as keyof typeof counts], what);
}

function assertWeight({ fields, aliases, directives, depth, nesting, cost }: Weight): void {
  const expanded = "once its fragments are expanded";
  assertWithin(depth, LIMITS.depth, "levels of fields");
  assertWithin(nesting, LIMITS.nesting, `levels of selections ${expanded}`);
  assertWithin(fields, LIMITS.fields, `fields ${expanded}`);
  assertWithin(aliases, LIMITS.aliases, `aliases ${expanded}`);
  assertWithin(directives, LIMITS.directives, `directives ${expanded}`);
  if (cost > LIMITS.cost) throw tooMuch(`an estimated cost of ${cost}; at most ${LIMITS.cost} is allowed`);
}

/** Weighs operations with their fragments, and fragments, even unused ones. */
class Weigher {
  private readonly weighed = new Map<string, Weight>();

  constructor(
    private readonly schema: GraphQLSchema,
    fragments: Fragments,
    private readonly variables: GivenVariables,
  ) {
    // Innermost first, instead of recursion: a chain of a hundred fragments would multiply the depth of the stack.
    for (const { name, typeCondition, selectionSet, directives } of innermostFirst(fragments)) {
      const weight = this.ofSelections(selectionSet, schema.getType(typeCondition.name.value));
      this.weighed.set(name.value, { ...weight, directives: plus(weight.directives, directives?.length ?? 0) });
    }
  }

  weigh(definition: DefinitionNode): Weight | undefined {
    if (definition.kind === "FragmentDefinition") return this.weighed.get(definition.name.value);
    if (definition.kind !== "OperationDefinition") return undefined;
    const root = this.schema.getRootType(definition.operation) ?? undefined;
    return add(NOTHING, this.ofSelections(definition.selectionSet, root), definition.directives?.length);
  }

  private ofSelections({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined): Weight {
    let sum = NOTHING;
    for (const selection of selections) {
      const directives = selection.directives?.length ?? 0;
      if (selection.kind === "Field") {
        sum = add(sum, this.ofField(selection, type), directives);
      } else if (selection.kind === "FragmentSpread") {
        sum = add(sum, wrapped(this.weighed.get(selection.name.value) ?? NOTHING), directives);
      } else {
        const narrowed = selection.typeCondition ? this.schema.getType(selection.typeCondition.name.value) : type;
        sum = add(sum, wrapped(this.ofSelections(selection.selectionSet, narrowed)), directives);
      }
    }
    return sum;
  }

  private ofField(field: FieldNode, type: GraphQLNamedType | undefined): Weight {
    const definition = fieldOf(type, field.name.value);
    const own = policyOf(definition).cost;
    const aliases = field.alias ? 1 : 0;
    if (!field.selectionSet) {
      return { ...NOTHING, fields: 1, aliases, breadth: 1, depth: 1, nesting: 1, cost: own ?? 0 };
    }
    const below = this.ofSelections(field.selectionSet, definition && getNamedType(definition.type));
    // The page size is counted at the field with the argument, not again within its connection.
    const size = definition && !type?.name.endsWith("Connection") ? sizeOf(field, definition, this.variables) : 1;
    return {
      fields: plus(below.fields, 1),
      aliases: plus(below.aliases, aliases),
      directives: below.directives,
      breadth: 1,
      depth: below.depth + 1,
      nesting: below.nesting + 1,
      cost: times(size, plus(own ?? 1, below.cost)),
    };
  }
}

function fieldOf(type: GraphQLNamedType | undefined, name: string): Field | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return isObjectType(type) ? type.getFields()[name] : undefined;
}

/** The weight of a spread or inline fragment. */
function wrapped(weight: Weight): Weight {
  return { ...weight, fields: plus(weight.fields, 1), nesting: weight.nesting + 1 };
}

function add(one: Weight, other: Weight, directives = 0): Weight {
  return {
    fields: plus(one.fields, other.fields),
    aliases: plus(one.aliases, other.aliases),
    directives: plus(plus(one.directives, other.directives), directives),
    breadth: plus(one.breadth, other.breadth),
    depth: Math.max(one.depth, other.depth),
    nesting: Math.max(one.nesting, other.nesting),
    cost: plus(one.cost, other.cost),
  };
}
