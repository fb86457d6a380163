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
  const executor = new Executor(schema, log, tracing);
  return (operation) => operation.context.deadline.limit(executor.run(operation));
}

class Executor {
  private readonly stream: ReturnType<typeof createStreamer>;
  private readonly untypedFor: ReturnType<typeof untypedDocuments>;
  private readonly compiledFor: ReturnType<typeof compiler>;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly log: Log,
    tracing: Tracing | null,
  ) {
    this.stream = createStreamer({ schema, log, tracing }, (operation, event) => this.runForEvent(operation, event));
    this.untypedFor = untypedDocuments(schema);
    this.compiledFor = compiler(schema);
  }

  async run(operation: Operation): Promise<ExecutionResult> {
    const { document, operationName } = operation;
    const kind = getOperationAST(document, operationName)?.operation;
    if (kind === "subscription") return await this.start(operation);
    if (kind === "query") operation.context.beginQuery();
    await markEventHeads(operation);
    return (await this.runCompiled(operation)) ?? (await this.interpret(operation));
  }

  /**
   * The result of the compiled query; null if graphql-js has to execute it. A result with errors is discarded, because
   * graphql-jit orders errors and propagates null differently.
   */
  private async runCompiled(operation: Operation): Promise<ExecutionResult | null> {
    const compiled = this.compiledFor(operation);
    const variables = compiled && this.coerced(operation);
    if (!compiled || !variables) return null;
    try {
      const result = await compiled.run(undefined, operation.context, variables);
      return result.errors ? null : result;
    } catch (error) {
      this.log.error({ err: error }, "a compiled query failed; graphql-js executes it instead");
      return null;
    }
  }

  private coerced({ document, variables }: Operation): Variables | null {
    return this.untypedFor(document)?.coerce(variables ?? {}) ?? null;
  }

  private async runForEvent(operation: Operation, event: unknown): Promise<ExecutionResult> {
    await markEventHeads(operation);
    return await this.interpret(operation, event);
  }

  /** Executes with graphql-js. `event`: the event of a subscription for which the operation runs. */
  private async interpret(operation: Operation, event?: unknown): Promise<ExecutionResult> {
    const { document, operationName, variables, context } = operation;
    const ready = this.coerced(operation);
    return await execute({
      schema: this.schema,
      document: (ready && this.untypedFor(document)?.document) ?? document,
      operationName: operationName ?? null,
      variableValues: ready ?? variables ?? {},
      contextValue: context,
      rootValue: event,
      options: { maxCoercionErrors: MAX_VARIABLE_ERRORS },
    });
  }

  /** Starts a subscription. Its stream reaches the transport through the context; the result here has no data. */
  private async start({ document, operationName, variables, context }: Operation): Promise<ExecutionResult> {
    const request = { document, operationName: operationName ?? null, variables: variables ?? {}, context };
    const started = await this.stream({ ...request, options: { maxCoercionErrors: MAX_VARIABLE_ERRORS } });
    if (!(Symbol.asyncIterator in started)) return started;
    try {
      context.deadline.assert();
    } catch (error) {
      // The transport has already sent this error, so it would never end the stream.
      await started.return();
      throw error;
    }
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
