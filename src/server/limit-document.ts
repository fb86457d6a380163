import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  visit,
} from "graphql";
import { Denied } from "../domain/denial";

/** What one document may ask for. Far above what the clients send, far below what would hurt. */
export const LIMITS = {
  tokens: 10_000,
  fields: 1_000,
  fragments: 100,
  aliases: 100,
  directives: 50,
  rootFields: 30,
  depth: 15,
  /** Objects and lists in the answer, as the arguments and @listSize let expect them. */
  cost: 100_000,
} as const;

type Field = GraphQLField<unknown, unknown>;

/** What one page may hold at most (see src/store/page.ts). */
const LARGEST_PAGE = 100;
// What introspection finds in this schema, roughly: it has no @listSize.
const INTROSPECTION_SIZES: Record<string, number> = { types: 200, fields: 6, inputFields: 3, enumValues: 3, args: 1 };

interface Weight {
  depth: number;
  cost: number;
}

const NOTHING: Weight = { depth: 0, cost: 0 };

/**
 * Refuses a document that asks for too much, before it is validated: validation alone can be made to take minutes.
 * Every fragment is weighed once, so that the check is linear in the document. Throws GRAPHQL_VALIDATION_FAILED.
 */
export function limitDocument(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): void {
  assertCounts(document);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === "FragmentDefinition") fragments.set(definition.name.value, definition);
  }
  const weigh = weigher(schema, fragments, variables);
  for (const definition of document.definitions) {
    if (definition.kind === "OperationDefinition") assertWeight(weigh(definition), definition);
  }
}

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
  for (const [what, count] of Object.entries(counts)) {
    const limit = LIMITS[what as keyof typeof counts];
    if (count > limit) throw tooMuch(`${count} ${what}; at most ${limit} are allowed`);
  }
}

function assertWeight({ depth, cost }: Weight, operation: OperationDefinitionNode): void {
  const rootFields = operation.selectionSet.selections.length;
  if (rootFields > LIMITS.rootFields) {
    throw tooMuch(`${rootFields} root fields; at most ${LIMITS.rootFields} are allowed`);
  }
  if (depth > LIMITS.depth) throw tooMuch(`fields ${depth} levels deep; at most ${LIMITS.depth} are allowed`);
  if (cost > LIMITS.cost) throw tooMuch(`an estimated ${cost} objects; at most ${LIMITS.cost} are allowed`);
}

/** Weighs an operation: how deep it goes, and how many objects its answer can have. */
function weigher(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Record<string, unknown>,
): (operation: OperationDefinitionNode) => Weight {
  const weighed = new Map<string, Weight | "open">();

  function ofSelections({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined): Weight {
    let sum = NOTHING;
    for (const selection of selections) {
      if (selection.kind === "Field") sum = add(sum, ofField(selection, type));
      else if (selection.kind === "FragmentSpread") sum = add(sum, ofFragment(selection.name.value));
      else {
        const narrowed = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : type;
        sum = add(sum, ofSelections(selection.selectionSet, narrowed));
      }
    }
    return sum;
  }

  function ofFragment(name: string): Weight {
    const known = weighed.get(name);
    if (known === "open") throw tooMuch(`the fragment ${name}, which contains itself`);
    const fragment = fragments.get(name);
    if (known || !fragment) return known ?? NOTHING;
    weighed.set(name, "open");
    const weight = ofSelections(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    weighed.set(name, weight);
    return weight;
  }

  function ofField(field: FieldNode, type: GraphQLNamedType | undefined): Weight {
    if (!field.selectionSet) return { depth: 1, cost: 0 };
    const definition = fieldOf(type, field.name.value);
    const below = ofSelections(field.selectionSet, definition && getNamedType(definition.type));
    // The size of a page is counted at the field that was asked for it.
    const size = definition && !type?.name.endsWith("Connection") ? sizeOf(field, definition, variables) : 1;
    return { depth: below.depth + 1, cost: size * (1 + below.cost) };
  }

  const roots = {
    query: schema.getQueryType() ?? undefined,
    mutation: schema.getMutationType() ?? undefined,
    subscription: schema.getSubscriptionType() ?? undefined,
  };
  return ({ operation, selectionSet }) => ofSelections(selectionSet, roots[operation]);
}

function fieldOf(type: GraphQLNamedType | undefined, name: string): Field | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return isObjectType(type) ? type.getFields()[name] : undefined;
}

/** How many items a field has: as many as it is asked for, or as many as are assumed of it. */
function sizeOf(field: FieldNode, definition: Field, variables: Record<string, unknown>): number {
  if (definition.args.some(({ name }) => name === "first")) return LARGEST_PAGE;
  const type = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
  if (!isListType(type)) return 1;
  const asked = field.arguments?.find(({ name }) => name.value === "representations")?.value;
  if (asked?.kind === "ListValue") return asked.values.length;
  if (asked?.kind === "Variable") {
    const given = variables[asked.name.value];
    return Array.isArray(given) ? given.length : 1;
  }
  return assumedSize(definition) ?? INTROSPECTION_SIZES[definition.name] ?? 1;
}

/** The schema says with @listSize how long a list that cannot be sliced is expected to be. */
function assumedSize({ astNode }: Field): number | undefined {
  const directive = astNode?.directives?.find(({ name }) => name.value === "listSize");
  const value = directive?.arguments?.find(({ name }) => name.value === "assumedSize")?.value;
  return value?.kind === "IntValue" ? Number(value.value) : undefined;
}

function add(one: Weight, other: Weight): Weight {
  return { depth: Math.max(one.depth, other.depth), cost: one.cost + other.cost };
}

function tooMuch(what: string): Denied {
  return new Denied("GRAPHQL_VALIDATION_FAILED", `The document asks for too much: it has ${what}.`);
}
