import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
} from "graphql";
import { LRUCache } from "lru-cache";
import type { Log } from "../../log";
import { type Compiled, compileDocument } from "./compile";
import type { Operation } from "./operation";
import { createStreamer } from "./stream-results";

const MOST_DOCUMENTS = 500;
/** Of all compiled documents together: the code of one selection takes about a kilobyte or two. */
const MOST_SELECTIONS = 20_000;
/** Each error about a variable quotes all of it: a list of a hundred thousand wrong things would take minutes. */
const MOST_VARIABLE_ERRORS = 3;

type Variables = Record<string, unknown>;

/**
 * Makes the executor of a schema. Everything is executed by graphql-js, or answered as it would: a query for a large
 * list that comes again is compiled, which halves its cost, where the compiled query is proven to give the same bytes.
 * The first time it is interpreted, so that a flood of ever new documents compiles nothing.
 */
export function createExecutor(schema: GraphQLSchema, log: Log): (operation: Operation) => Promise<ExecutionResult> {
  const stream = createStreamer(schema, log, interpret);
  const compiledFor = compiler(schema);

  return (operation) => operation.context.deadline.limit(run(operation));

  async function run(operation: Operation): Promise<ExecutionResult> {
    const { document, operationName } = operation;
    if (getOperationAST(document, operationName)?.operation === "subscription") return await start(operation);
    return (await runCompiled(operation)) ?? (await interpret(operation));
  }

  /**
   * The answer of the compiled query; null where there is none, or graphql-js has to give it. It alone says what is
   * wrong: an answer with errors is thrown away, because graphql-jit orders errors and spreads null in its own way.
   */
  async function runCompiled(operation: Operation): Promise<ExecutionResult | null> {
    const compiled = compiledFor(operation);
    const variables = compiled && coerced(compiled, operation.variables ?? {});
    if (!compiled || !variables) return null;
    try {
      const result = await compiled.run(undefined, operation.context, variables);
      return result.errors ? null : result;
    } catch (error) {
      log.error({ err: error }, "a compiled query failed: it is interpreted instead");
      return null;
    }
  }

  function coerced({ operation }: Compiled, variables: Variables): Variables | null {
    const { variableDefinitions = [] } = operation;
    return getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 }).coerced ?? null;
  }

  /** `event`: where it is one event of a subscription. */
  async function interpret(operation: Operation, event?: unknown): Promise<ExecutionResult> {
    const { document, operationName, variables, context } = operation;
    return await execute({
      schema,
      document,
      operationName: operationName ?? null,
      variableValues: variables ?? {},
      contextValue: context,
      rootValue: event,
      options: { maxCoercionErrors: MOST_VARIABLE_ERRORS },
    });
  }

  /** A subscription's results go to its transport one by one; here it only succeeds or fails to start. */
  async function start({ document, operationName, variables, context }: Operation): Promise<ExecutionResult> {
    const asked = { document, operationName: operationName ?? null, variables: variables ?? {}, context };
    const started = await stream({ ...asked, options: { maxCoercionErrors: MOST_VARIABLE_ERRORS } });
    if (!(Symbol.asyncIterator in started)) return started;
    context.started.stream = started;
    return { data: null };
  }
}

/** Finds the compiled query of an operation, from the second time on that its document comes. */
function compiler(schema: GraphQLSchema): (operation: Operation) => Compiled | null {
  const documents = new LRUCache<DocumentNode, Compiled | "seen once" | "interpreted">({
    max: MOST_DOCUMENTS,
    maxSize: MOST_SELECTIONS,
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
    // A name that the operation does not have is an error, which graphql-js words.
    return (operationName ?? name) === name ? compiled : null;
  };
}
