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

/** The fields that have the same value for every viewer who may see the event. */
const VIEWER_INDEPENDENT: Readonly<Record<string, readonly string[] | "all">> = {
  Subscription: "all",
  InvitationEvent: "all",
  MembershipEvent: "all",
  OrganizationEvent: ["cursor", "type", "occurredAt", "workspaceId", "summary"],
  AuditLogChange: "all",
  Invitation: "all",
  InvitingOrganization: "all",
  WorkspaceGrant: "all",
  Member: ["id", "role", "joinedAt", "user"],
  User: ["id", "name"],
  ServiceEvent: "all",
  AuditFieldChange: "all",
};

type Execute = () => Promise<ExecutionResult>;

/** All subscribers receive an event at about the same time, so few events need to be cached. */
const CACHED_EVENTS = 500;
/**
 * Cached results per event. Clients have one or two documents, and a client that invents more cannot fill the memory.
 */
const CACHED_DOCUMENTS = 8;

/**
 * Returns a function that executes a document for an event once for all subscribers: one execution instead of a
 * thousand. It shares only results that do not depend on the viewer; the event stream has checked the right to the event.
 * `executeAlone` executes the others.
 */
export function createSharedResults(schema: GraphQLSchema) {
  const shareable = new WeakMap<DocumentNode, boolean>();
  const results = new LRUCache<object, Map<DocumentNode, Promise<ExecutionResult>>>({ max: CACHED_EVENTS });
  return (
    event: object,
    document: DocumentNode,
    execute: Execute,
    executeAlone = execute,
  ): Promise<ExecutionResult> => {
    const isShareable = shareable.get(document) ?? isViewerIndependent(schema, document);
    shareable.set(document, isShareable);
    if (!isShareable) return executeAlone();
    const cached = results.get(event) ?? new Map<DocumentNode, Promise<ExecutionResult>>();
    results.set(event, cached);
    const known = cached.get(document);
    if (known) return known;
    const result = execute();
    if (cached.size < CACHED_DOCUMENTS) {
      cached.set(document, result);
      // A failure may have passed by the time of the next subscriber.
      const remove = () => cached.delete(document);
      result.then(({ errors }) => errors && remove(), remove);
    }
    return result;
  };
}

/** Whether a document has one operation, only fields of VIEWER_INDEPENDENT, and no directives, which can take variables. */
function isViewerIndependent(schema: GraphQLSchema, document: DocumentNode): boolean {
  let isIndependent = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: ({ name, directives }) => {
        const parent = types.getParentType();
        const fields = VIEWER_INDEPENDENT[parent ? getNamedType(parent).name : ""];
        const isAllowed = name.value === "__typename" || fields === "all" || fields?.includes(name.value);
        if (!isAllowed || directives?.length) isIndependent = false;
      },
      InlineFragment: ({ directives }) => {
        if (directives?.length) isIndependent = false;
      },
      FragmentSpread: ({ directives }) => {
        if (directives?.length) isIndependent = false;
      },
    }),
  );
  return isIndependent;
}
