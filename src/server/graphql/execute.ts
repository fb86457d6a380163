import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema, getOperationAST } from "graphql";
import { LRUCache } from "lru-cache";
import type { Log } from "../../log";
import type { Tracing } from "../../tracing/span";
import type { Variables } from "./coerce-variables";
import { type Compiled, compileDocument } from "./compile";
import { markEventHeads } from "./event-cursors";
import type { Operation } from "./operation";
import { createStreamer } from "./stream-results";
import { untypedDocuments } from "./untyped";

const MAX_DOCUMENTS = 500;
/** The limit for all compiled documents together. The code of one selection takes one or two kilobytes. */
const MAX_SELECTIONS = 20_000;
/** Each error quotes the whole variable, so a list of a hundred thousand invalid items would take minutes. */
const MAX_VARIABLE_ERRORS = 3;

/**
 * Creates the executor of a schema. graphql-js executes everything except queries for lists that come a second time.
 * These are compiled, which halves their cost, if a compiled query is proven to give the same bytes as graphql-js. The
 * first time they are interpreted, so that a flood of new documents compiles nothing.
 */
export function createExecutor(
  schema: GraphQLSchema,
  log: Log,
  tracing: Tracing | null = null,
): (operation: Operation) => Promise<ExecutionResult> {
  const stream = createStreamer({ schema, log, tracing }, runForEvent);
  const untypedFor = untypedDocuments(schema);
  const compiledFor = compiler(schema);

  return (operation) => operation.context.deadline.limit(run(operation));

  async function run(operation: Operation): Promise<ExecutionResult> {
    const { document, operationName } = operation;
    const kind = getOperationAST(document, operationName)?.operation;
    if (kind === "subscription") return await start(operation);
    if (kind === "query") operation.context.beginQuery();
    await markEventHeads(operation);
    return (await runCompiled(operation)) ?? (await interpret(operation));
  }

  /**
   * The result of the compiled query; null if graphql-js has to execute it. A result with errors is discarded, because
   * graphql-jit orders errors and propagates null differently.
   */
  async function runCompiled(operation: Operation): Promise<ExecutionResult | null> {
    const compiled = compiledFor(operation);
    const variables = compiled && coerced(operation);
    if (!compiled || !variables) return null;
    try {
      const result = await compiled.run(undefined, operation.context, variables);
      return result.errors ? null : result;
    } catch (error) {
      log.error({ err: error }, "a compiled query failed; graphql-js executes it instead");
      return null;
    }
  }

  function coerced({ document, variables }: Operation): Variables | null {
    return untypedFor(document)?.coerce(variables ?? {}) ?? null;
  }

  async function runForEvent(operation: Operation, event: unknown): Promise<ExecutionResult> {
    await markEventHeads(operation);
    return await interpret(operation, event);
  }

  /** Executes with graphql-js. `event`: the event of a subscription for which the operation runs. */
  async function interpret(operation: Operation, event?: unknown): Promise<ExecutionResult> {
    const { document, operationName, variables, context } = operation;
    const ready = coerced(operation);
    return await execute({
      schema,
      document: (ready && untypedFor(document)?.document) ?? document,
      operationName: operationName ?? null,
      variableValues: ready ?? variables ?? {},
      contextValue: context,
      rootValue: event,
      options: { maxCoercionErrors: MAX_VARIABLE_ERRORS },
    });
  }

  /** Starts a subscription. Its stream reaches the transport through the context; the result here has no data. */
  async function start({ document, operationName, variables, context }: Operation): Promise<ExecutionResult> {
    const request = { document, operationName: operationName ?? null, variables: variables ?? {}, context };
    const started = await stream({ ...request, options: { maxCoercionErrors: MAX_VARIABLE_ERRORS } });
    if (!(Symbol.asyncIterator in started)) return started;
    context.started.stream = started;
    return { data: null };
  }
}

/** Returns the compiled query of an operation, from the second time that its document comes. */
function compiler(schema: GraphQLSchema): (operation: Operation) => Compiled | null {
  const documents = new LRUCache<DocumentNode, Compiled | "seen once" | "interpreted">({
    max: MAX_DOCUMENTS,
    maxSize: MAX_SELECTIONS,
    sizeCalculation: (known) => (typeof known === "object" ? known.size : 1),
  });
  return ({ document, operationName }) => {
    const known = documents.get(document);
    if (known === "interpreted") return null;
    if (known === undefined) {
      documents.set(document, "seen once");
      return null;
    }
    const compiled = known === "seen once" ? compileDocument(schema, document) : known;
    if (known === "seen once") documents.set(document, compiled ?? "interpreted");
    const name = compiled?.operation.name?.value;
    // An unknown operation name is an error, which graphql-js reports.
    return (operationName ?? name) === name ? compiled : null;
  };
}
