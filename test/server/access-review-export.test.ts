import { createHash, randomUUID } from "node:crypto";
import { FairShare, type TurnRequest } from "../../src/server/caller/fair-share";
import { type Person, RunningService } from "../support/service";

let service: RunningService;
let owner: Person;
let viewer: Person;
let organizationId: string;
let reviewId: string;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  owner = await service.person("=Olga");
  viewer = await service.person("Vera");
  const { data } = await owner.ask(`mutation { createOrganization(input: { name: "Acme" }) {
    ... on CreateOrganizationSuccess { organization { id } } } }`);
  organizationId = data.createOrganization.organization.id;
  await join(viewer);
  reviewId = await startReview(owner, organizationId);
});
afterAll(() => service.stop());

async function startReview({ ask }: Person, organization: string): Promise<string> {
  const { data } = await ask(
    `mutation ($o: ID!) { startAccessReview(input: { organizationId: $o, name: "Q1", dueAt: "2100-01-01T00:00:00Z" }) {
       ... on StartAccessReviewSuccess { review { id } } } }`,
    { o: organization },
  );
  return data.startAccessReview.review.id;
}

/** Makes somebody a Viewer of the organization. */
async function join({ ask, id }: Person): Promise<void> {
  await ask("{ viewer { id } }");
  const { dataSource } = service.app.services.database;
  await dataSource.query(
    `INSERT INTO member (id, organization_id, user_id, role, joined_at) VALUES ($1, $2, $3, 'VIEWER', now())`,
    [randomUUID(), organizationId, id],
  );
}

async function get(path: string, token: string | null, method = "GET") {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${service.app.port}${path}`, { headers, method });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers };
}
const pathOf = (format: string, review = reviewId, organization = organizationId) =>
  `/organizations/${organization}/access-reviews/${review}.${format}`;

test.each(["csv", "json"])(
  "the %s export is open to viewers of the review, with the codes of the graph",
  async (format) => {
    const stranger = await service.person();
    const reader = await service.issuer.issueForService("tester", ["entities:read"]);
    const other = await service.issuer.issueForService("tester", ["usage:write"]);
    const cases: Array<[string | null, number, string | null]> = [
      [owner.token, 200, null],
      [null, 401, "UNAUTHENTICATED"],
      ["a.b.c", 401, "UNAUTHENTICATED"],
      [viewer.token, 403, "FORBIDDEN"],
      [stranger.token, 404, "NOT_FOUND"],
      [reader, 403, "FORBIDDEN"],
      [other, 404, "NOT_FOUND"],
    ];
    for (const [token, status, code] of cases) {
      const answer = await get(pathOf(format), token);
      const found = answer.status === 200 ? null : JSON.parse(answer.text).errors[0].extensions.code;
      expect([token, answer.status, found]).toEqual([token, status, code]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
  },
);

test("foreign and unknown reviews, those of deleted organizations, malformed ids and other methods are not found", async () => {
  const stranger = await service.person();
  const { data } = await stranger.ask("{ viewer { memberships { organization { id } } } }");
  const foreignId = data.viewer.memberships[0].organization.id;
  const foreign = await startReview(stranger, foreignId);
  const paths = [
    ...[pathOf("csv", foreign), pathOf("csv", randomUUID()), pathOf("csv", "x"), pathOf("csv", ""), pathOf("xml")],
    ...[pathOf("csv", foreign, foreignId), pathOf("csv", reviewId, randomUUID()), pathOf("csv", reviewId, "x")],
    ...[pathOf("csv", `${reviewId}.${reviewId}`), pathOf("csv", "%00")],
  ];
  const personal = await owner.ask("{ viewer { memberships { organization { id isPersonal } } } }");
  const [{ organization: own }] = personal.data.viewer.memberships;
  paths.push(pathOf("csv", reviewId, own.id));
  expect(own.isPersonal).toBe(true);
  for (const path of paths) expect([path, (await get(path, owner.token)).status]).toEqual([path, 404]);
  expect((await get(pathOf("csv"), owner.token, "POST")).status).toBe(404);
  const { dataSource } = service.app.services.database;
  await dataSource.query("UPDATE organization SET deleted_at = now() WHERE id = $1", [foreignId]);
  expect((await get(pathOf("csv", foreign, foreignId), stranger.token)).status).toBe(404);
});

test("the export of an open review has no place in the log", async () => {
  const { text, headers } = await get(pathOf("json"), owner.token);
  const { evidence, log } = JSON.parse(text);
  expect([log, evidence.review.status, evidence.items.length]).toEqual([null, "OPEN", 2]);
  expect(headers.get("evidence-hash")).toBeNull();
  expect(headers.get("content-disposition")).toBe(`attachment; filename="access-review-${reviewId}.json"`);
});

/** Requests a file of a replica, whose reading waits until the test lets it go. */
async function heldRequest(port: number) {
  const turns: TurnRequest[] = [];
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    jest.spyOn(FairShare.prototype, "run").mockImplementationOnce(async (turn, work) => {
      turns.push(turn);
      resolve();
      await held;
      return await work();
    });
  });
  const abort = new AbortController();
  const headers = { authorization: `Bearer ${owner.token}` };
  const sent = fetch(`http://127.0.0.1:${port}${pathOf("csv")}`, { headers, signal: abort.signal });
  await begun;
  return { sent, letGo, leave: () => abort.abort(), isWanted: () => turns[0]?.isWanted() };
}

test("a file is not read for a client that has left", async () => {
  const { sent, letGo, leave, isWanted } = await heldRequest(service.app.port);
  expect(isWanted()).toBe(true);
  leave();
  await expect(sent).rejects.toThrow();
  while (isWanted()) await new Promise((resolve) => setImmediate(resolve));
  letGo();
});

test("a shutdown waits for a file, and serves requests meanwhile", async () => {
  const replica = await service.replica({}, { jobs: false });
  const { sent, letGo } = await heldRequest(replica.port);
  const closing = replica.close();
  const reason = async () => {
    const response = await fetch(`http://127.0.0.1:${replica.port}/readyz`);
    return ((await response.json()) as { reason?: string }).reason;
  };
  while ((await reason()) !== "draining");
  expect((await service.ask(null, replica)("{ plans { code } }")).status).toBe(200);
  letGo();
  expect((await sent).status).toBe(200);
  await closing;
});

/** An object as a list of its keys and values, sorted by key. */
function pairs(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, part]) => [key, pairs(part)]);
}

test("an auditor can compare both files with the log, and the log with its hash in the graph", async () => {
  const { data } = await owner.ask(
    `mutation ($o: ID!, $r: ID!) { completeAccessReview(input: { organizationId: $o, reviewId: $r, undecided: KEEP }) {
       ... on CompleteAccessReviewSuccess { review { status evidenceHash } } } }`,
    { o: organizationId, r: reviewId },
  );
  const { evidenceHash } = data.completeAccessReview.review;
  const sha256 = (value: string) => createHash("sha256").update(value);
  const [csv, json] = [await get(pathOf("csv"), owner.token), await get(pathOf("json"), owner.token)];
  const { evidence, log } = JSON.parse(json.text);
  expect(log.data.after).toMatchObject({
    ...{ csvSha256: sha256(csv.text).digest("hex"), jsonSha256: sha256(JSON.stringify(evidence)).digest("hex") },
  });
  const { organizationId: o, sequence, type, occurredAt, actorId, actorLabel, subjectId, workspaceId, summary } = log;
  const fields = [o, sequence, type, occurredAt, actorId, actorLabel, subjectId, workspaceId, summary];
  const covered = JSON.stringify([...fields, pairs(log.data)]);
  const hash = createHash("sha256").update(Buffer.from(log.previousHash, "hex")).update(covered).digest("hex");
  expect([hash, log.hash, csv.headers.get("evidence-hash")]).toEqual([evidenceHash, evidenceHash, evidenceHash]);
  for (const { text, headers } of [csv, json]) {
    expect(headers.get("content-digest")).toBe(`sha-256=:${sha256(text).digest("base64")}:`);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
  expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(csv.text).toContain(`"'=Olga"`);
});
