import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { App } from "../../src/app";
import { RunningService } from "../support/service";

const LISTED = "{ plans { code } }";
const OTHER = "{ plans { name } }";
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

let service: RunningService;
let locked: App;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), "documents-"));
  const file = path.join(directory, "documents.json");
  writeFileSync(file, JSON.stringify({ [hashOf(LISTED)]: LISTED }));
  service = await RunningService.start({}, { jobs: false });
  const environment = { TRUSTED_DOCUMENTS: file, GATEWAY_SECRETS: "the-gateway-is-trusted" };
  locked = await service.replica(environment, { jobs: false });
});
afterAll(async () => {
  await service.stop();
  rmSync(directory, { recursive: true });
});

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

test("a document is sent once, and afterwards only its hash", async () => {
  expect(codeOf(await send(service.app, persisted(OTHER)))).toBe("PERSISTED_QUERY_NOT_FOUND");
  expect((await send(service.app, { query: OTHER, ...persisted(OTHER) })).data?.plans).toHaveLength(4);
  expect((await send(service.app, persisted(OTHER))).data?.plans).toHaveLength(4);
  expect(codeOf(await send(service.app, { query: LISTED, ...persisted(OTHER) }))).toBeDefined();
});

test("with a list of documents, all others are refused", async () => {
  expect((await send(locked, { query: LISTED })).data?.plans).toHaveLength(4);
  expect((await send(locked, persisted(LISTED))).data?.plans).toHaveLength(4);
  expect(codeOf(await send(locked, { query: OTHER }))).toBe("BAD_USER_INPUT");
  expect(codeOf(await send(locked, { query: OTHER, ...persisted(OTHER) }))).toBe("BAD_USER_INPUT");
  expect(codeOf(await send(locked, persisted(OTHER)))).toBe("PERSISTED_QUERY_NOT_FOUND");
});

test("the gateway can send its own documents", async () => {
  const headers = { "gateway-secret": "the-gateway-is-trusted" };
  expect((await send(locked, { query: OTHER }, headers)).data?.plans).toHaveLength(4);
});
