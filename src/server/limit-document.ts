import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  visit,
} from "graphql";
import { Denied } from "../domain/denial";
import { type Field, type GivenVariables, numberIn, sizeOf } from "./field-size";

/** What one document may ask for. Far above what the clients send, far below what would hurt. */
export const LIMITS = {
  characters: 200_000,
  tokens: 10_000,
  /** In one list of the variables. */
  items: 5_000,
  fields: 1_000,
  fragments: 100,
  aliases: 100,
  directives: 50,
  rootFields: 30,
  depth: 15,
  /** Objects in the answer, as arguments and @listSize let expect them, and more where @cost says that more is done. */
  cost: 250_000,
} as const;

interface Weight {
  /** Fields side by side, those of fragments included. */
  breadth: number;
  depth: number;
  cost: number;
}

const NOTHING: Weight = { breadth: 0, depth: 0, cost: 0 };

/**
 * Refuses a document that asks for too much, before it is validated: validation alone can be made to take minutes.
 * Every fragment is weighed once, so that the check is linear in the document. Throws GRAPHQL_VALIDATION_FAILED.
 */
export function limitDocument(schema: GraphQLSchema, document: DocumentNode, variables: GivenVariables): void {
  assertCounts(document);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === "FragmentDefinition") fragments.set(definition.name.value, definition);
  }
  const weigh = weigher(schema, fragments, variables);
  for (const definition of document.definitions) {
    if (definition.kind === "OperationDefinition") assertWeight(weigh(definition));
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

function assertWeight({ breadth, depth, cost }: Weight): void {
  if (breadth > LIMITS.rootFields) {
    throw tooMuch(`${breadth} root fields; at most ${LIMITS.rootFields} are allowed`);
  }
  if (depth > LIMITS.depth) throw tooMuch(`fields ${depth} levels deep; at most ${LIMITS.depth} are allowed`);
  if (cost > LIMITS.cost) throw tooMuch(`an estimated cost of ${cost}; at most ${LIMITS.cost} is allowed`);
}

/** Weighs an operation: how deep it goes, and how many objects its answer can have. */
function weigher(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: GivenVariables,
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
    const definition = fieldOf(type, field.name.value);
    const own = definition && numberIn(definition, "cost", "weight");
    if (!field.selectionSet) return { breadth: 1, depth: 1, cost: own ?? 0 };
    const below = ofSelections(field.selectionSet, definition && getNamedType(definition.type));
    // The size of a page is counted at the field that was asked for it.
    const size = definition && !type?.name.endsWith("Connection") ? sizeOf(field, definition, variables) : 1;
    return { breadth: 1, depth: below.depth + 1, cost: size * ((own ?? 1) + below.cost) };
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

function add(one: Weight, other: Weight): Weight {
  const depth = Math.max(one.depth, other.depth);
  return { breadth: one.breadth + other.breadth, depth, cost: one.cost + other.cost };
}

function tooMuch(what: string): Denied {
  return new Denied("GRAPHQL_VALIDATION_FAILED", `The document asks for too much: it has ${what}.`);
}
