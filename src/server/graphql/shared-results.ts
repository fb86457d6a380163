import type { GraphQLSchema } from "graphql";
import {
  type DocumentNode,
  type ExecutionResult,
  getNamedType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { LRUCache } from "lru-cache";

/** The fields of live events that say the same to everybody who may have the event. */
const SAME_FOR_ALL: Readonly<Record<string, readonly string[] | "all">> = {
  Subscription: "all",
  InvitationEvent: "all",
  MembershipEvent: "all",
  Invitation: "all",
  InvitingOrganization: "all",
  WorkspaceGrant: "all",
  Member: ["id", "role", "joinedAt", "user"],
  User: ["id", "name"],
};

type Execute = () => Promise<ExecutionResult>;

/** Those who watch are given an event at about the same time: what it looks like is kept no longer than that takes. */
const EVENTS_KEPT = 500;
/** So many documents may ask of one event; clients have one or two, and whoever makes up more gets no memory for it. */
const DOCUMENTS_KEPT = 8;

/**
 * Executes an event once for all who are given it and ask the same of it: with a thousand watchers, a thousand times
 * less. Only for documents whose answer does not depend on who asks; their right to it is checked before.
 */
export function createSharedResults(schema: GraphQLSchema) {
  const shareable = new WeakMap<DocumentNode, boolean>();
  const results = new LRUCache<object, Map<DocumentNode, Promise<ExecutionResult>>>({ max: EVENTS_KEPT });
  return (event: object, document: DocumentNode, execute: Execute): Promise<ExecutionResult> => {
    const isShareable = shareable.get(document) ?? saysTheSameToAll(schema, document);
    shareable.set(document, isShareable);
    if (!isShareable) return execute();
    const known = results.get(event) ?? new Map<DocumentNode, Promise<ExecutionResult>>();
    results.set(event, known);
    const result = known.get(document) ?? execute();
    if (known.size < DOCUMENTS_KEPT) known.set(document, result);
    return result;
  };
}

/** One subscription, no variable below its arguments, and no field but those that are the same for all. */
function saysTheSameToAll(schema: GraphQLSchema, document: DocumentNode): boolean {
  let isSame = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: ({ name, directives }) => {
        const parent = types.getParentType();
        const same = SAME_FOR_ALL[parent ? getNamedType(parent).name : ""];
        const isPlain = name.value === "__typename" || same === "all" || same?.includes(name.value);
        if (!isPlain || directives?.length) isSame = false;
      },
      InlineFragment: ({ directives }) => {
        if (directives?.length) isSame = false;
      },
      FragmentSpread: ({ directives }) => {
        if (directives?.length) isSame = false;
      },
    }),
  );
  return isSame;
}
