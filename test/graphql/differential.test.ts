/** @own-modules The random documents depend on the order of arguments, some of which type-graphql reverses in each further schema. */
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  OverlappingFieldsCanBeMergedRule,
  parse,
  validate,
} from "graphql";
import { commands } from "../../src/commands";
import type { Context } from "../../src/context";
import type { Viewer } from "../../src/domain/viewer";
import { compileDocument } from "../../src/server/graphql/compile";
import { markEventHeads } from "../../src/server/graphql/event-cursors";
import { createExecutor } from "../../src/server/graphql/execute";
import { formatError } from "../../src/server/graphql/format-error";
import { buildSubgraph, guardedSchema } from "../../src/server/graphql/schema";
import { fakeEvent, fakeResolvers } from "../support/fake-resolvers";
import { Random } from "../support/random";
import { type RandomRequest, randomRequest } from "../support/random-documents";
import type { Known } from "../support/random-values";
import { silentLog, World } from "../support/world";

// The compiled execution must produce the same bytes as graphql-js, the first time and every other time. A failure
// names its seed: run it again with DIFFERENTIAL_SEED and DIFFERENTIAL_FROM.
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_125);
const FROM = Number(process.env.DIFFERENTIAL_FROM ?? 0);
const DOCUMENTS = Number(process.env.PROVE_DOCUMENTS ?? 120);
const SUBSCRIPTIONS = DOCUMENTS * 0.4;
const COMPILED_DOCUMENTS = process.env.PROVE_DOCUMENTS ? 500 : 200;
const DOCUMENTS_EACH = process.env.PROVE_DOCUMENTS ? 150 : 50;
const TIMES = 3;
const MAX_REPORTED = 3;
const ENTITIES = ["Organization", "Workspace", "User", "Member", "Invitation"];

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

interface ParsedRequest extends RandomRequest {
  name: string;
  document: DocumentNode;
}

/** Valid documents, each from its own seed. */
function* documents(
  schema: GraphQLSchema,
  count: number,
  options: { kind: "query" | "subscription"; known: Known; salt: number },
): Generator<ParsedRequest> {
  let made = 0;
  for (let number = FROM; made < count; number++) {
    const random = new Random((SEED + options.salt) * 1_000_003 + number);
    const request = randomRequest(schema, random, { ...options, isPlain: number % 2 === 0 });
    const document = parse(request.text);
    // Names may conflict; everything else is always valid.
    if (validate(schema, document, [OverlappingFieldsCanBeMergedRule], { maxErrors: 1 }).length > 0) continue;
    made += 1;
    yield { ...request, document, name: `seed ${SEED}, number ${number}` };
  }
}

const bytes = (result: ExecutionResult) => JSON.stringify({ data: result.data, errors: result.errors });
/** Sorts errors, because their order depends on the database's responses. */
const bytesInOrder = ({ data, errors }: ExecutionResult) =>
  JSON.stringify({ data, errors: errors?.map((error) => JSON.stringify(error)).sort() });

function difference(
  { name, text, variables, operationName }: ParsedRequest,
  expected: string,
  got: string[],
): string[] {
  const asked = JSON.stringify({ variables, operationName });
  return got.every((each) => each === expected) ? [] : [[name, text, asked, expected, ...got].join("\n")];
}

async function differences(
  schema: GraphQLSchema,
  requests: Iterable<ParsedRequest>,
  contextOf: () => Context,
  show: (result: ExecutionResult) => string,
): Promise<{ count: number; different: string[]; good: number }> {
  const run = createExecutor(schema, silentLog);
  const different: string[] = [];
  let [count, good] = [0, 0];
  for (const each of requests) {
    const parts = { ...each, operationName: each.operationName ?? null };
    const contextValue = contextOf();
    // Cursors depend on the positions that are read before everything else.
    await markEventHeads({ ...parts, context: contextValue });
    const interpreted = await execute({
      ...{ schema, document: parts.document, variableValues: parts.variables, operationName: parts.operationName },
      ...{ contextValue, options: { maxCoercionErrors: 3 } },
    });
    const got = [];
    for (let time = 0; time < TIMES; time++) got.push(show(await run({ ...parts, context: contextOf() })));
    count += 1;
    if (!interpreted.errors) good += 1;
    if (different.length < MAX_REPORTED) different.push(...difference(each, show(interpreted), got));
  }
  return { count, different, good };
}

const faked = fakeResolvers(buildSubgraph().guarded);
const someIds = ["a", "b", "01900000-0000-7000-8000-000000000000"];
const FAKE = {
  beginQuery: () => undefined,
  deadline: { limit: (running: Promise<unknown>) => running },
  loaders: { eventHeads: { mark: async () => undefined }, membershipHeads: { mark: async () => undefined } },
} as unknown as Context;

test(`${DOCUMENTS} random documents give the same bytes as graphql-js, each time`, async () => {
  const known = { ids: someIds, entities: ENTITIES };
  const requests = documents(faked, DOCUMENTS, { kind: "query", known, salt: 0 });
  const { count, different, good } = await differences(faked, requests, () => FAKE, bytes);
  expect(different).toEqual([]);
  expect(count).toBe(DOCUMENTS);
  expect(good).toBeGreaterThan(DOCUMENTS / 10);
});

test("the documents are valid, and many of them are compiled and executed by the compiled query", async () => {
  const known = { ids: someIds, entities: ENTITIES };
  let compiled = 0;
  let answered = 0;
  const invalid: string[] = [];
  for (const { document, variables, text } of documents(faked, COMPILED_DOCUMENTS, {
    kind: "query",
    known,
    salt: 0,
  })) {
    invalid.push(...validate(faked, document).map(({ message }) => `${text}\n${message}`));
    const made = compileDocument(faked, document);
    if (!made) continue;
    compiled += 1;
    const result = await made.run(undefined, FAKE, variables);
    if (!result.errors) answered += 1;
  }
  expect(invalid).toEqual([]);
  expect(compiled).toBeGreaterThan(COMPILED_DOCUMENTS / 10);
  expect(answered).toBeGreaterThan(COMPILED_DOCUMENTS / 25);
});

test("documents with real resolvers and a real database give the same bytes for every viewer", async () => {
  const schema = guardedSchema();
  const acme = await world.organization();
  const workspaceId = await acme.workspace("Second");
  const viewer = await acme.member("VIEWER", [workspaceId]);
  await acme.owner.run(commands.inviteMembers, {
    organizationId: acme.id,
    emails: ["new@example.com"],
    role: "VIEWER" as const,
    workspaces: [{ workspaceId }],
  });
  const ids = [acme.id, acme.id, workspaceId, viewer.memberId, viewer.id, "nothing"];
  const viewers: Viewer[] = [
    acme.owner,
    viewer,
    { kind: "anonymous" },
    { kind: "service", name: "tester", scopes: new Set(["entities:read"] as const) },
  ];
  for (const [salt, who] of viewers.entries()) {
    const options = { kind: "query", known: { ids, entities: ENTITIES }, salt: 10 + salt } as const;
    const requests = documents(schema, DOCUMENTS_EACH, options);
    const { count, different } = await differences(schema, requests, () => world.context(who), bytesInOrder);
    expect(different).toEqual([]);
    expect(count).toBe(DOCUMENTS_EACH);
  }
});

test("every event of a subscription gives the same bytes, each time", async () => {
  const schema = faked;
  const run = createExecutor(schema, silentLog);
  const known = { ids: someIds, entities: ENTITIES };
  const events = [fakeEvent(1), fakeEvent(1), fakeEvent(2)];
  const different: string[] = [];
  let started = 0;
  for (const requests of documents(schema, SUBSCRIPTIONS, { kind: "subscription", known, salt: 1 })) {
    const { document, variables, operationName = null } = requests;
    const args = { schema, document, variableValues: variables, operationName };
    const options = { maxCoercionErrors: 3 };
    for (let time = 0; time < TIMES; time++) {
      const context = world.context({ kind: "anonymous" });
      const result = await run({ document, variables, operationName, context });
      const { stream } = context.started;
      if (!stream) {
        const beginning = await createSourceEventStream({ ...args, options });
        different.push(...difference(requests, bytes(beginning as ExecutionResult), [bytes(result)]));
        continue;
      }
      started += 1;
      for (const event of events) {
        const expected = masked(await execute({ ...args, rootValue: event, options }));
        const { value } = await stream.next();
        if (different.length < MAX_REPORTED) different.push(...difference(requests, expected, [bytes(value ?? {})]));
      }
      await stream.return(undefined);
    }
  }
  expect(different).toEqual([]);
  expect(started).toBeGreaterThan(SUBSCRIPTIONS);
});

/** Results in the form in which a stream sends them. */
function masked({ data, errors }: ExecutionResult): string {
  const formatted = errors?.map((error) => formatError(error.toJSON(), error.originalError ?? error, silentLog, "r"));
  return JSON.stringify({ data, errors: formatted });
}
