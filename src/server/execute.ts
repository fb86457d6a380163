import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  visit,
} from "graphql";
import { type CompiledQuery, compileQuery, isCompiledQuery } from "graphql-jit";
import { LRUCache } from "lru-cache";
import type { Log } from "../log";
import { createStreamer } from "./live/stream-results";
import type { Operation } from "./operation";

const MOST_DOCUMENTS = 500;
/** Each error about a variable quotes all of it: a list of a hundred thousand wrong things would take minutes. */
const MOST_VARIABLE_ERRORS = 3;

type Compiled = CompiledQuery | "seen once" | "interpreted";

/**
 * Makes the executor of a schema. A query that comes again is compiled to a function, which halves what it costs; the
 * first time, and everything else, graphql-js interprets it, so that a flood of ever new documents compiles nothing.
 */
export function createExecutor(schema: GraphQLSchema, log: Log): (operation: Operation) => Promise<ExecutionResult> {
  const stream = createStreamer(schema, log, answer);
  const documents = new LRUCache<DocumentNode, Map<string, Compiled>>({ max: MOST_DOCUMENTS });

  function compiledFor(document: DocumentNode, operationName: string): Compiled {
    const operations = documents.get(document) ?? new Map<string, Compiled>();
    if (operations.size === 0) documents.set(document, operations);
    const known = operations.get(operationName);
    if (known !== undefined && known !== "seen once") return known;
    const compiled = known ? compile(operationName) : "seen once";
    operations.set(operationName, compiled);
    return compiled;

    function compile(name: string): Compiled {
      if (!isCompilable(document)) return "interpreted";
      const made = compileQuery(schema, document, name || undefined, { disablingCapturingStackErrors: true });
      return isCompiledQuery(made) ? made : "interpreted";
    }
  }

  /** Whether graphql-js takes the variables: what they may be, and how a wrong one is called, stays its business. */
  function areGood({ document, operationName, variables }: Operation): boolean {
    const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
    return (
      definitions.length === 0 || "coerced" in getVariableValues(schema, definitions, variables ?? {}, { maxErrors: 1 })
    );
  }

  return (operation) => operation.context.deadline.limit(run(operation));

  async function run(operation: Operation): Promise<ExecutionResult> {
    const { document, operationName } = operation;
    const isSubscription = getOperationAST(document, operationName)?.operation === "subscription";
    return await (isSubscription ? start(operation) : answer(operation));
  }

  /** `event`: of a subscription, whose variables were good when it began. */
  async function answer(operation: Operation, event?: unknown): Promise<ExecutionResult> {
    const { document, operationName, variables, context } = operation;
    const compiled = compiledFor(document, operationName ?? "");
    if (typeof compiled === "object" && (event !== undefined || areGood(operation))) {
      return await compiled.query(event, context, variables ?? {});
    }
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

/** No mutations, and no name that an object literal of the compiled code would not take as a plain key. */
function isCompilable(document: DocumentNode): boolean {
  let compilable = true;
  visit(document, {
    OperationDefinition: ({ operation }) => {
      if (operation === "mutation") compilable = false;
    },
    Field: ({ name, alias }) => {
      if (name.value.startsWith("__") && name.value !== "__typename") compilable = false;
      if (alias?.value.startsWith("__")) compilable = false;
    },
  });
  return compilable;
}
