import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "graphql";
import * as validator from "graphql/validation/validate";
import { type Client, createClient, type SubscribePayload } from "graphql-ws";
import WebSocket from "ws";
import { AttackedService } from "../support/attacked-service";
import { corpus, type Hostile } from "../support/hostile-corpus";
import type { RunningService } from "../support/service";

let attacked: AttackedService;
let service: RunningService;
let token: string;
beforeAll(async () => {
  attacked = await AttackedService.start();
  ({ service, token } = attacked);
});
afterAll(() => service.stop());

type Refused = { data?: unknown; errors?: Array<{ message: string; extensions?: { code?: string } }> };
/** Transports other than POST get a quarter or half of the documents each; with PROVE_HOSTILE, all. */
const isShort = process.env.PROVE_HOSTILE === undefined;
// The corpus has families of four documents of different sizes, in turn.
const everyNth = <Item>(items: Item[], n: number, offset: number) =>
  isShort ? items.filter((_, index) => (index + Math.floor(index / 4)) % n === offset % n) : items;
/** A transport does not carry it at all. */
const TOO_LONG = "too long for the transport";
const tooLong: Refused = { errors: [{ message: TOO_LONG, extensions: { code: "GRAPHQL_TOO_LONG" } }] };
const validating = jest.spyOn(validator, "validate");

/** The faults of a refusal: a wrong reason or code, or a document that reached validation or SQL. */
async function mistakes({ name, query, refusals, isLimited }: Hostile, ask: (query: string) => Promise<Refused>) {
  const validated = validating.mock.calls.length;
  const statements = service.app.services.database.statementCount();
  const { data, errors } = await ask(query);
  const [{ message = "nothing", extensions } = {}] = errors ?? [];
  const isNamed = message === TOO_LONG || refusals.some((refusal) => refusal.test(message));
  const isCoded = /^GRAPHQL_|^BAD_USER_INPUT$/.test(extensions?.code ?? "");
  const wasValidated = validating.mock.calls.length > validated;
  const wasRun = (data ?? null) !== null || service.app.services.database.statementCount() > statements;
  if (isNamed && isCoded && !wasRun && !(isLimited && wasValidated)) return [];
  return [
    `${name}: ${extensions?.code}, ${message.slice(0, 100)}${wasValidated ? ", validated" : ""}${wasRun ? ", run" : ""}`,
  ];
}

test("the corpus is large", () => expect(corpus.length).toBeGreaterThanOrEqual(250));

test.each(corpus)("$name, is refused for the limit that it exceeds", async (hostile) => {
  expect(await mistakes(hostile, async (query) => (await attacked.post(JSON.stringify({ query }))).answer)).toEqual([]);
});

test.each(corpus.filter(({ name }) => name.startsWith("deep ")))(
  "$name, has status 400 for clients that read it",
  async ({ query }) => {
    const { status, answer } = await attacked.post(JSON.stringify({ query }), {
      accept: "application/graphql-response+json",
    });
    expect([status, answer.errors?.length]).toEqual([400, 1]);
    expect(JSON.stringify(answer)).not.toContain("call stack");
  },
);

test.each([
  ["a body of two megabytes", JSON.stringify({ query: `# ${"x".repeat(2 << 20)}\n{ viewer { id } }` }), 413],
  ["a body that is no JSON", "{ viewer", 400],
  ["a batch", JSON.stringify(Array(100).fill({ query: "{ viewer { id } }" })), 400],
  ["lists in lists", "[".repeat(100_000) + "]".repeat(100_000), 400],
  ["no query", "{}", 400],
  ["a query that is a number", '{"query": 7}', 400],
  ["variables that are a list", '{"query": "{ viewer { id } }", "variables": [1]}', 400],
  [
    "nesting in JSON",
    `{"query": "{ viewer { id } }", "variables": ${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}, "x": }`,
    400,
  ],
])("%s is refused", async (_, body, status) => {
  const statements = service.app.services.database.statementCount();
  const { status: answered, answer } = await attacked.post(body);
  expect(answered).toBe(status);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: expect.stringMatching(/^BAD_/) });
  expect(service.app.services.database.statementCount()).toBe(statements);
});

// The limits apply to listed documents, too.
test("listed documents over a limit are refused when their hash is sent", async () => {
  const known = corpus.filter(({ name, query }) => name.endsWith("size 1") && isParsed(query));
  const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
  const file = path.join(service.directory, "hostile.json");
  writeFileSync(file, JSON.stringify(Object.fromEntries(known.map(({ query }) => [hashOf(query), query]))));
  const replica = await service.replica({ TRUSTED_DOCUMENTS: file }, { jobs: false });
  const extensions = (query: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(query) } });
  // Apollo Server treats every other value than text, including 0, as an absent document.
  for (const [index, text] of [undefined, null, 0, false].entries()) {
    const wrong: string[] = [];
    for (const hostile of everyNth(known, 4, index)) {
      const body = (query: string) => JSON.stringify({ query: text, extensions: extensions(query) });
      wrong.push(...(await mistakes(hostile, async (query) => (await attacked.post(body(query), {}, replica)).answer)));
    }
    expect(wrong).toEqual([]);
  }
  expect(known.length).toBeGreaterThan(50);
});

function isParsed(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The first result of an operation over a socket, or what ended it. */
function subscribe(client: Client, request: object): Promise<Refused> {
  return new Promise((resolve) => {
    let received: Refused = {};
    client.subscribe(request as SubscribePayload, {
      next: (result) => {
        received = result as Refused;
      },
      error: (error) => {
        if (Array.isArray(error)) resolve({ errors: error });
        // A message that is too big ends the socket.
        else resolve((error as { code?: number } | null)?.code === 1009 ? tooLong : received);
      },
      complete: () => resolve(received),
    });
  });
}

describe("over every other transport", () => {
  const ways: Record<string, () => Promise<{ ask(query: string): Promise<Refused>; stop?(): void }>> = {
    "a GET": async () => ({
      ask: async (query) => {
        const url = `http://127.0.0.1:${service.app.port}/graphql?query=${encodeURIComponent(query)}`;
        const headers = { authorization: `Bearer ${token}`, "apollo-require-preflight": "1" };
        const response = await fetch(url, { headers });
        // The server refuses documents that are too long for a URL first.
        return response.status === 431 ? tooLong : await response.json();
      },
    }),
    "a WebSocket": async () => {
      const client = createClient({
        url: `ws://127.0.0.1:${service.app.port}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
      });
      const ask = (query: string) => subscribe(client, { query });
      return { ask, stop: () => void client.dispose() };
    },
    "a callback": async () => {
      // Nothing listens there, because a refused document must not reach it.
      const callbackUrl = "http://127.0.0.1:9/callback";
      const replica = await service.replica({ SUBSCRIPTION_CALLBACK_URLS: callbackUrl }, { jobs: false });
      const subscription = { callbackUrl, subscriptionId: "s", verifier: "v" };
      return {
        ask: async (query) => {
          const response = await fetch(`http://127.0.0.1:${replica.port}/graphql`, {
            method: "POST",
            headers: {
              "content-type": "application/json",
              accept: "application/json;callbackSpec=1.0",
              authorization: `Bearer ${token}`,
            },
            body: JSON.stringify({ query, extensions: { subscription } }),
          });
          return await response.json();
        },
      };
    },
    "an event stream": async () => ({
      ask: async (query) => {
        const headers = {
          "content-type": "application/json",
          accept: "text/event-stream",
          authorization: `Bearer ${token}`,
        };
        const url = `http://127.0.0.1:${service.app.port}/graphql/stream`;
        const text = await (await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) })).text();
        return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text) as Refused;
      },
    }),
  };

  test.each(Object.keys(ways).map((name, index) => ({ name, index })))(
    "$name refuses them too",
    async ({ name, index }) => {
      const way = await (ways[name] as (typeof ways)[string])();
      await way.ask("{ viewer { id } }");
      const wrong: string[] = [];
      for (const hostile of everyNth(corpus, 2, index)) wrong.push(...(await mistakes(hostile, way.ask)));
      expect(wrong).toEqual([]);
      way.stop?.();
    },
  );
});
