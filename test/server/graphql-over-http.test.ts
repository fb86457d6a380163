import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { serverAudits } from "graphql-http";
import type { App } from "../../src/app";
import { RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({ OPERATION_DEADLINE_MS: String(DEADLINE_MS) }, { jobs: false });
});
afterAll(() => service.stop());

/** Unlike any other timer's. */
const DEADLINE_MS = 59_001;

// GET requests without the preflight header are refused, as protection against forged requests.
const preflighted: typeof fetch = (url, init) =>
  fetch(url, {
    ...init,
    headers: { ...(init?.headers as Record<string, string>), "apollo-require-preflight": "true" },
  });

const audits = serverAudits({
  url: () => `http://127.0.0.1:${service.app.port}/graphql`,
  fetchFn: preflighted,
});

test("the list of audits is complete", () => expect(audits).toHaveLength(61));

test.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))("%s %s", async (_id, _name, audit) => {
  expect(await audit()).toMatchObject({ status: "ok" });
});

const TOO_DEEP = `{ ${"viewer { ".repeat(20)}id${" }".repeat(20)} }`;

test.each([
  ["a document that asks for too much", TOO_DEEP, null, [400, 200]],
  ["a token that is no good", "{ plans { code } }", "no.good.token", [401, 401]],
  ["a token that is no good, whatever the document asks for", TOO_DEEP, "no.good.token", [401, 401]],
])(
  "the response to %s has the status and type that the client accepts",
  async (_, query, token, [status, legacyStatus]) => {
    const ask = async (accept: string) => {
      const headers = {
        "content-type": "application/json",
        accept,
        ...(token && { authorization: `Bearer ${token}` }),
      };
      const url = `http://127.0.0.1:${service.app.port}/graphql`;
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
      return [response.status, response.headers.get("content-type")];
    };
    expect(await ask("application/graphql-response+json, application/json;q=0.9")).toEqual([
      status,
      "application/graphql-response+json; charset=utf-8",
    ]);
    expect(await ask("application/json")).toEqual([legacyStatus, "application/json; charset=utf-8"]);
  },
);

test.each<[string, number, RequestInit]>([
  ["no JSON", 400, { body: "{" }],
  ["nothing", 400, { body: "" }],
  ["a prototype", 400, { body: '{"query":"{ __typename }","__proto__":{"x":1}}' }],
  ["more than a megabyte", 413, { body: JSON.stringify({ query: `# ${"x".repeat(1_100_000)}` }) }],
  ["a form", 415, { body: "query=1", headers: { "content-type": "application/x-www-form-urlencoded" } }],
  ["another method", 405, { method: "PUT", body: "{}" }],
])("%s is a client error in the form of GraphQL", async (_, status, request) => {
  const url = `http://127.0.0.1:${service.app.port}/graphql`;
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, ...request });
  expect([response.status, response.headers.get("allow")]).toEqual([status, status === 405 ? "GET, POST" : null]);
  expect(await response.json()).toEqual({
    errors: [{ message: expect.any(String), extensions: { code: "BAD_USER_INPUT" } }],
  });
});

test.each<[string, string, unknown]>([
  ["an invalid document", "/graphql", { query: "{ nothing }" }],
  ["an invalid document for a stream", "/graphql/stream", { query: "{ nothing }" }],
  ["a document without the named operation", "/graphql", { query: "{ plans { code } }", operationName: "x" }],
  ["a subscription over plain HTTP", "/graphql", { query: "subscription { receivedInvitationChanged { id } }" }],
  ["variables that are text", "/graphql", { query: "{ plans { code } }", variables: "x" }],
  ["no document", "/graphql", {}],
  ["a list of documents", "/graphql", [{ query: "{ plans { code } }" }]],
])("the timer of a deadline ends with an operation that is not executed: %s", async (_, url, body) => {
  const started = jest.spyOn(globalThis, "setTimeout");
  const cleared = jest.spyOn(globalThis, "clearTimeout");
  const response = await fetch(`http://127.0.0.1:${service.app.port}${url}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(await response.text()).toContain("errors");
  const timers = started.mock.results.filter((_result, n) => started.mock.calls[n]?.[1] === DEADLINE_MS);
  expect(timers).not.toEqual([]);
  expect(timers.filter(({ value }) => !cleared.mock.calls.some(([timer]) => timer === value))).toEqual([]);
  jest.restoreAllMocks();
});

test("an invalid Host header causes no failure", async () => {
  const { port } = service.app;
  const asking = http.request({
    port,
    path: "/graphql?query=%7B__typename%7D",
    headers: { host: "[", "x-apollo-operation-name": "a" },
  });
  const [response] = (await once(asking.end(), "response")) as [http.IncomingMessage];
  expect(response.resume().statusCode).toBe(200);
});

describe("a persisted query", () => {
  const LISTED = "{ plans { code } }";
  const OTHER = "{ plans { name } }";
  const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
  let locked: App;
  let directory: string;
  beforeAll(async () => {
    directory = mkdtempSync(path.join(os.tmpdir(), "documents-"));
    const file = path.join(directory, "documents.json");
    writeFileSync(file, JSON.stringify({ [hashOf(LISTED)]: LISTED }));
    const environment = { TRUSTED_DOCUMENTS: file, GATEWAY_SECRETS: "the-gateway-is-trusted" };
    locked = await service.replica(environment, { jobs: false });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  async function send(app: App, body: object, headers: Record<string, string> = {}) {
    const response = await fetch(`http://127.0.0.1:${app.port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { data?: { plans: object[] }; errors?: Array<{ extensions: { code: string } }> };
  }

  const persisted = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } } });
  const codeOf = ({ errors }: Awaited<ReturnType<typeof send>>) => errors?.[0]?.extensions.code;

  test("is sent once, and afterwards only its hash", async () => {
    expect(codeOf(await send(service.app, persisted(OTHER)))).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect((await send(service.app, { query: OTHER, ...persisted(OTHER) })).data?.plans).toHaveLength(4);
    expect((await send(service.app, persisted(OTHER))).data?.plans).toHaveLength(4);
    expect(codeOf(await send(service.app, { query: LISTED, ...persisted(OTHER) }))).toBeDefined();
  });

  test("is refused if documents are listed and it is not among them", async () => {
    expect((await send(locked, { query: LISTED })).data?.plans).toHaveLength(4);
    expect((await send(locked, persisted(LISTED))).data?.plans).toHaveLength(4);
    expect(codeOf(await send(locked, { query: OTHER }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await send(locked, { query: OTHER, ...persisted(OTHER) }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await send(locked, persisted(OTHER)))).toBe("PERSISTED_QUERY_NOT_FOUND");
  });

  test("can be any document of the gateway", async () => {
    const headers = { "gateway-secret": "the-gateway-is-trusted" };
    expect((await send(locked, { query: OTHER }, headers)).data?.plans).toHaveLength(4);
  });
});
