import { type ExecutionResult, parse, validate } from "graphql";
import type { Context } from "../../../src/context";
import type { Viewer } from "../../../src/domain/viewer";
import { createExecutor } from "../../../src/server/graphql/execute";
import { guardedSchema } from "../../../src/server/graphql/schema";
import type { Database } from "../../../src/store/engine/database";
import type { Statement } from "../../../src/store/engine/statement";
import { PATIENCE_MS, silentLog, type World } from "../../support/world";

const schema = guardedSchema();
const run = createExecutor(schema, silentLog);

// biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
type Data = any;

/** Runs a document as a viewer. */
export async function ask(world: World, viewer: Viewer, text: string, context: Context = world.context(viewer)) {
  const document = parse(text);
  const [invalid] = validate(schema, document);
  if (invalid) throw invalid;
  const result = await run({ document, context });
  return { data: result.data as Data, code: codeOf(result), context };
}

/** The world's database, which calls `before` with the number of each statement, from 0. */
export function interrupted(world: World, before: (statement: number) => Promise<unknown>): Database {
  let statements = 0;
  const database: Database = Object.assign(Object.create(world.database) as Database, {
    rows: async (statement: Statement, values: readonly unknown[]) => {
      await before(statements++);
      return await world.database.rows<never>(statement, values);
    },
    withDeadline: () => database,
  });
  return database;
}

/**
 * A subscription of a viewer of the world, without a transport. It delivers the events that are committed before a
 * read.
 */
export class WorldStream {
  readonly events: Data[] = [];
  /** The code of the error that ended it or prevented its start; null while it runs. */
  code: string | null = null;
  private reading: Promise<void> = Promise.resolve();

  private constructor(
    private readonly field: string,
    private readonly context: Context,
  ) {}

  static async open(
    world: World,
    viewer: Viewer,
    field: string,
    args: object,
    selection: string,
  ): Promise<WorldStream> {
    const list = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    const text = `subscription { ${field}${list.length > 0 ? `(${list.join(", ")})` : ""} { ${selection} } }`;
    const { code, context } = await ask(world, viewer, text);
    const stream = new WorldStream(field, context);
    stream.code = code;
    if (context.started.stream) stream.reading = stream.read(context.started.stream);
    return stream;
  }

  /** Delivers everything that is committed. Returns the events since the last call. */
  async next(): Promise<Data[]> {
    await this.context.live.drain(PATIENCE_MS);
    return this.events.splice(0);
  }

  async close(): Promise<void> {
    this.context.live.close();
    await this.reading;
  }

  private async read(results: AsyncGenerator<ExecutionResult>): Promise<void> {
    for await (const result of results) {
      if (result.errors) this.code = codeOf(result);
      else this.events.push((result.data as Data)[this.field]);
    }
  }
}

function codeOf({ errors }: ExecutionResult): string | null {
  const [error] = errors ?? [];
  const extensions = (error?.originalError as { extensions?: { code: string } } | undefined)?.extensions;
  return error ? (extensions?.code ?? (error.extensions?.code as string | undefined) ?? error.message) : null;
}
