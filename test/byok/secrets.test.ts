import { Writable } from "node:stream";
import { sweepExpiringKeys, verifyAllKeys } from "../../src/jobs/byok";
import { createLog } from "../../src/log";
import { guardedSchema } from "../../src/server/graphql/schema";
import { rowsOfAllTables } from "../support/all-tables";
import type { Trouble } from "../support/aws-stand-in";
import { type ByokOrganization, ByokWorld, type KeyInput } from "../support/byok-world";
import { everyField } from "../support/every-field";
import { join } from "../support/live-organization";
import { documentsWith, encodingsOf } from "../support/secret-documents";
import type { Ask } from "../support/service";
import { askOverSocket } from "../support/socket-request";
import { newParent, TraceReceiver } from "../support/trace-receiver";

const log: string[] = [];
/** All responses, except those to the LLM caller, who receives the session. */
const answers: string[] = [];
let world: ByokWorld;
let traces: TraceReceiver;
beforeAll(async () => {
  const destination = new Writable({
    write: (chunk, _encoding, done) => {
      log.push(String(chunk));
      done();
    },
  });
  traces = await TraceReceiver.start();
  world = await ByokWorld.start({ LOG_LEVEL: "trace", ...traces.environment }, createLog("trace", destination));
});
afterAll(async () => {
  await world.stop();
  await traces.stop();
});

const SAVE = `mutation Save($credentials: ByokCredentialsInput!, $fallback: ByokFallback! = DENY) {
  saveByokConfig(input: { credentials: $credentials, fallback: $fallback }) { ...Result } }`;
const RESULT =
  "fragment Result on SaveByokConfigResult { __typename ... on Refusal { code message path } ... on ByokVerificationFailed { message } }";
const TROUBLES: Array<Trouble["kind"]> = ["reset", "garbage", "empty", "down", "cut", "throttle"];

/** Wraps `ask` and records all responses. */
const recording =
  (ask: Ask): Ask =>
  async (...parts) => {
    const answer = await ask(...parts);
    answers.push(JSON.stringify(answer));
    return answer;
  };

async function raw(token: string, path: string, init: RequestInit): Promise<void> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}`, ...init.headers };
  const response = await fetch(`http://127.0.0.1:${world.service.app.port}${path}`, { ...init, headers });
  answers.push(await response.text());
}

/** Sends a key in every way it can reach the service, correct or not. */
async function sendEveryWay({ owner, id }: ByokOrganization, key: KeyInput, n: number): Promise<void> {
  const { accessKeyId, secretAccessKey, sessionToken } = key;
  const credentials = { organizationId: id, region: "eu-central-1", ...key };
  const send = (given: object, more = {}, headers = {}) =>
    owner.ask(`${SAVE} ${RESULT}`, { credentials: given, ...more }, headers);
  // Correctly, once with an Idempotency-Key, and while AWS fails.
  await send(credentials, {}, { "idempotency-key": `canary-${n}` });
  await send(credentials, {}, { "idempotency-key": `canary-${n}` });
  world.aws.trouble = { kind: TROUBLES[n % TROUBLES.length] ?? "reset", on: /^(Invoke|GetInf)/ };
  await send(credentials);
  world.aws.trouble = null;
  await world.tryOut({ owner, id }, key);
  // With a mistake in the right place, and in every other place.
  await send({ ...credentials, region: "evil.example" });
  await send({ ...credentials, secretAccessKey: `${secretAccessKey}\u0000` });
  await send({ ...credentials, sessionToken: sessionToken ? null : secretAccessKey });
  await send({ ...credentials, accessKeyId: secretAccessKey, secretAccessKey: accessKeyId });
  await send({ ...credentials, region: secretAccessKey });
  await send({ ...credentials, inferenceProfile: secretAccessKey });
  await send({ ...credentials, sessionTokenExpiresAt: secretAccessKey });
  await send({ ...credentials, sessionTokenExpiresAt: sessionToken ?? accessKeyId });
  await send({ ...credentials, organizationId: secretAccessKey });
  await send({ ...credentials, secretAccessKey: [secretAccessKey, { secretAccessKey }] });
  await send({ ...credentials, [accessKeyId]: secretAccessKey });
  await send({ ...credentials, region: undefined });
  await send([secretAccessKey]);
  await send(credentials, { fallback: secretAccessKey });
  await send(credentials, {}, { "idempotency-key": secretAccessKey.slice(0, 0).padEnd(300, "k") });
  // Inside the document.
  for (const document of documentsWith(id, accessKeyId, secretAccessKey)) await owner.ask(document);
  const literal = JSON.stringify(secretAccessKey);
  // In requests that are not GraphQL.
  const query = `${SAVE} ${RESULT}`;
  const search = new URLSearchParams({ query, variables: JSON.stringify({ credentials }) });
  await raw(owner.token, `/graphql?${search}`, { method: "GET" });
  await raw(owner.token, "/graphql", { method: "POST", body: `{"query": ${literal}, "variables": ${literal}` });
  await raw(owner.token, "/graphql", { method: "POST", body: JSON.stringify([{ query, variables: { credentials } }]) });
  await raw(owner.token, "/graphql", { method: "POST", body: JSON.stringify({ query, variables: literal }) });
  await raw(owner.token, "/graphql", {
    method: "POST",
    body: JSON.stringify({ query, operationName: secretAccessKey }),
  });
  await raw(owner.token, "/graphql/stream", {
    method: "POST",
    body: JSON.stringify({ query, variables: { credentials: literal } }),
  });
  await raw(secretAccessKey, "/graphql", { method: "POST", body: JSON.stringify({ query: "{ __typename }" }) });
  await raw(owner.token, `/${encodeURIComponent(secretAccessKey)}`, { method: "GET" });
  const overSocket = { credentials: { ...credentials, region: [secretAccessKey] } };
  answers.push(await askOverSocket(world.service.app.port, owner.token, { query, variables: overSocket }));
}

/** Uses a stored key in every way, with its failures. */
async function live(account: ByokOrganization, n: number): Promise<void> {
  const { workspaceId, id } = account;
  await world.access(workspaceId);
  await world.change(account, "verifyByokConfig");
  for (let time = 0; time < 3; time++) await world.report(workspaceId, "AccessDeniedException");
  await world.change(account, "setByokEnabled", ", enabled: false");
  await world.change(account, "setByokEnabled", ", enabled: true");
  if (n % 4 === 0)
    await world.sql(
      "UPDATE byok_config SET sealed_secret_access_key = wrapped_key, failing_since = NULL WHERE organization_id = $1",
      id,
    );
  if (n % 4 === 1)
    await world.sql(
      "UPDATE byok_config SET is_temporary = true, session_token_expires_at = now() WHERE organization_id = $1",
      id,
    );
  if (n % 4 === 2) world.aws.trouble = { kind: TROUBLES[n % TROUBLES.length] ?? "reset" };
  await world.access(workspaceId);
  if (n % 5 === 0) await verifyAllKeys(world.service.app.services);
  world.aws.trouble = null;
  await sweepExpiringKeys(world.service.app.services);
  if (n % 4 === 3) await world.change(account, "removeByokConfig");
}

/** Reads all fields as each kind of viewer. */
async function readEverything({ owner, id, workspaceId }: ByokOrganization): Promise<void> {
  const schema = guardedSchema();
  const [row] = await world.sql<{ id: string }>("SELECT id FROM byok_config WHERE organization_id = $1", id);
  const depth = process.env.PROVE_SECRETS ? 3 : 2;
  const below = (type: string, root: string) =>
    everyField(schema, type, depth).map((selection) => `{ ${root} { ${selection} } }`);
  const entity = `_entities(representations: [{ __typename: "ByokConfig", id: "${row?.id ?? id}" }])`;
  const documents = [
    ...below("Organization", `organization(id: "${id}")`),
    ...below("User", "viewer"),
    ...below("Workspace", `workspace(id: "${workspaceId}")`),
    ...everyField(schema, "ByokConfig", 2).map((fields) => `{ ${entity} { ... on ByokConfig { ${fields} } } }`),
  ];
  const asks = [owner.ask, recording((await world.service.person("Stranger")).ask), recording(world.service.ask(null))];
  for (const role of ["ADMIN", "DEVELOPER", "VIEWER"]) {
    asks.push(recording((await join(world.service, owner, id, role)).ask));
  }
  asks.push(recording(await world.service.service("entities:read", "usage:write", "users:provision")));
  for (const ask of asks) for (const document of documents) await ask(document);
}

/** Nine rounds combine each failure with each kind of key; the ninth reads everything. */
const ROUNDS = Number(process.env.PROVE_SECRETS ?? 9);

test("no secret appears in a response, the log, an event, a job, a mail, the metrics, a trace or the database", async () => {
  for (let n = 0; n < ROUNDS; n++) {
    const account = await world.organization();
    const recorded = { ...account, owner: { ...account.owner, ask: recording(account.owner.ask) } };
    await sendEveryWay(recorded, world.aws.key(n % 2 ? "ASIA" : "AKIA", { mayInvoke: n % 5 !== 4 }), n);
    await sendEveryWayUnknown(recorded, n);
    await live(recorded, n);
    if (n === 8) await readEverything(recorded);
  }
  await raw("none", "/metrics", { method: "GET" });
  // Spans are exported in the order of their ends, so all others have arrived with the last one.
  const last = newParent();
  await world.service.ask(null)("{ plans { code } }", {}, { traceparent: last.traceparent });
  await traces.trace(last.traceId, "POST /graphql");
  const secrets = [...world.aws.keys].flatMap(([accessKeyId, { secretAccessKey, sessionToken }]) =>
    [accessKeyId, secretAccessKey].concat(sessionToken ?? []),
  );
  secrets.push(...unknown);
  const places = {
    log,
    answers,
    traces: traces.texts,
    mails: world.service.mailer.sent.map((mail) => JSON.stringify(mail)),
    ...(await rowsOfAllTables(world)),
  };
  // Proves that the search finds text: the hints are public, and appear in all of these places.
  const hints = await world.sql<{ hint: string }>("SELECT access_key_id_hint AS hint FROM byok_config");
  for (const place of [
    "answers",
    "public.byok_config",
    "public.organization_event",
    "public.idempotent_answer",
  ] as const) {
    expect((places as Record<string, string[]>)[place]?.length).toBeGreaterThan(5);
  }
  expect(hints.some(({ hint }) => answers.join().includes(hint))).toBe(true);
  expect(secrets.length).toBeGreaterThan(5 * ROUNDS);
  expect(log.length).toBeGreaterThan(1_000);
  const spans = new Set(traces.spans.map(({ name }) => name));
  for (const name of ["aws GetCallerIdentity", "aws InvokeModel", "aws GetSessionToken", "unwrap data key"]) {
    expect(spans).toContain(name);
  }
  const found = Object.entries(places).flatMap(([place, texts]) => {
    const all = texts.join("\n");
    return secrets
      .flatMap((secret) => encodingsOf(secret).filter((form) => all.includes(form)))
      .map((form) => `${place}: ${form} in …${all.slice(Math.max(0, all.indexOf(form) - 120), all.indexOf(form))}`);
  });
  expect(found.slice(0, 5)).toEqual([]);
}, 600_000);

const unknown: string[] = [];

/** A key unknown to AWS is as secret as a valid one. */
async function sendEveryWayUnknown(account: ByokOrganization, n: number): Promise<void> {
  const key = world.aws.key(n % 2 ? "AKIA" : "ASIA");
  world.aws.keys.delete(key.accessKeyId);
  unknown.push(key.accessKeyId, key.secretAccessKey, ...(key.sessionToken ? [key.sessionToken] : []));
  if (n === 0) await sendEveryWay(account, key, n + 100);
  else await world.save(account, key);
}
