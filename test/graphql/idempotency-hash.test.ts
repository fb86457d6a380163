import { invite, organization } from "../support/live-organization";
import { RunningService } from "../support/service";
import { FakeClock } from "../support/world";

const RETENTION_MS = 24 * 60 * 60 * 1000;

let service: RunningService;
const clock = new FakeClock();
beforeAll(async () => {
  // Time stands still, so that the test controls the exact age of a response.
  clock.pass(Date.now() - clock.now().getTime());
  service = await RunningService.start({}, { clock });
});
afterAll(() => service.stop());

const DOCUMENT =
  "mutation Found($input: CreateOrganizationInput!) { createOrganization(input: $input) { __typename } }";
const INPUT = { name: "Vector", description: "Größe" };
type Request = { query: string; operationName?: string | null; variables?: object };

/** The result of a request with a key: the code of its refusal, or the name of its success. */
async function send(token: string, key: string, request: Request): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${service.app.port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, "idempotency-key": key },
    body: JSON.stringify(request),
  });
  const { data, errors } = (await response.json()) as {
    data?: Record<string, { __typename: string; code?: string }>;
    errors?: Array<{ message: string }>;
  };
  if (errors) throw new Error(errors[0]?.message);
  const [answer] = Object.values(data ?? {});
  return answer?.code ?? answer?.__typename ?? "";
}
const sql = <Row>(text: string, ...values: unknown[]): Promise<Row[]> =>
  service.app.services.database.dataSource.query(text, values);
const count = async (userId: string) => {
  const text = "SELECT count(*)::int AS n FROM member WHERE user_id = $1";
  return (await sql<{ n: number }>(text, userId))[0]?.n;
};

const REFUSABLE = DOCUMENT.replace("__typename", "__typename ... on Refusal { code }");
const REQUEST = { query: REFUSABLE, operationName: "Found", variables: { input: INPUT } };

test("a request's hash never changes, and does not depend on the order of variables", async () => {
  const { token } = await service.person();
  for (const [key, input] of [
    ["vector-1", INPUT],
    ["vector-2", { description: INPUT.description, name: INPUT.name }],
  ] as const) {
    await send(token, key, { query: DOCUMENT, operationName: "Found", variables: { input } });
    const text = "SELECT encode(request_hash, 'hex') AS hash FROM idempotent_answer WHERE key = $1";
    // Computed by another program from the description of the format. Do not update it.
    expect(await sql(text, key)).toEqual([
      { hash: "f97adaa451b30c97e8490f06d6ab2e16719b7ee338335a01e83199c182af094b" },
    ]);
  }
});

const TWO = `${REFUSABLE} ${REFUSABLE.replace("Found", "Again")}`;
const CHANGES: Array<[string, Request]> = [
  ["a variable", { ...REQUEST, variables: { input: { ...INPUT, name: "Another" } } }],
  ["a variable that is absent", { ...REQUEST, variables: { input: { name: INPUT.name } } }],
  ["a variable that is null", { ...REQUEST, variables: { input: { ...INPUT, description: null } } }],
];
const REWORDED: Array<[string, Request, Request]> = [
  ["an undeclared variable", REQUEST, { ...REQUEST, variables: { input: INPUT, more: 1 } }],
  ["the document", REQUEST, { ...REQUEST, query: `${REFUSABLE} ` }],
  ["the operation's name", { ...REQUEST, query: TWO }, { ...REQUEST, query: TWO, operationName: "Again" }],
  ["the operation's name, which is left out", REQUEST, { ...REQUEST, operationName: null }],
];
test.each(CHANGES)("a used key with other arguments is refused: %s", async (_, other) => {
  const person = await service.person();
  expect(await send(person.token, "k", REQUEST)).toBe("CreateOrganizationSuccess");
  expect(await send(person.token, "k", other)).toBe("IDEMPOTENCY_KEY_REUSED");
  expect(await send(person.token, "k", REQUEST)).toBe("CreateOrganizationSuccess");
  expect(await count(person.id)).toBe(2);
});
test.each(REWORDED)("the same mutation in another form gets the first response: %s", async (_, first, other) => {
  const person = await service.person();
  expect(await send(person.token, "k", first)).toBe("CreateOrganizationSuccess");
  expect(await send(person.token, "k", other)).toBe("CreateOrganizationSuccess");
  expect(await count(person.id)).toBe(2);
});

test("another key, or the same key of another person, is a separate request", async () => {
  const [a, b] = [await service.person(), await service.person()];
  for (const [{ token }, key] of [
    [a, "mine"],
    [a, "Mine"],
    [a, "mine "],
    [b, "mine"],
  ] as const) {
    expect(await send(token, key, REQUEST)).toBe("CreateOrganizationSuccess");
  }
  // A header's value has no blanks around it: "mine " is "mine".
  expect(await count(a.id)).toBe(3);
  expect(await count(b.id)).toBe(2);
});

test("a response is repeated for 24 hours less a millisecond; then the request is new, even before the job runs", async () => {
  const person = await service.person();
  const age = async (milliseconds: number) => {
    const text = "UPDATE idempotent_answer SET created_at = $2 WHERE key = $1";
    await sql(text, "aging", new Date(clock.now().getTime() - milliseconds));
  };
  await send(person.token, "aging", REQUEST);
  await age(RETENTION_MS - 1);
  await send(person.token, "aging", REQUEST);
  expect(await count(person.id)).toBe(2);
  await age(RETENTION_MS);
  await send(person.token, "aging", REQUEST);
  expect(await count(person.id)).toBe(3);
  await age(RETENTION_MS);
  // Another request with the same key is new as well, and its response is repeated from then on.
  const other = { ...REQUEST, variables: { input: { name: "Another" } } };
  expect(await send(person.token, "aging", other)).toBe("CreateOrganizationSuccess");
  expect(await send(person.token, "aging", other)).toBe("CreateOrganizationSuccess");
  expect(await send(person.token, "aging", REQUEST)).toBe("IDEMPOTENCY_KEY_REUSED");
  expect(await count(person.id)).toBe(4);
});

test("a refusal from before the transaction is repeated for the same time", async () => {
  const person = await service.person();
  const mine = await person.ask("{ viewer { memberships { organization { id } } } }");
  const organizationId = mine.data.viewer.memberships[0].organization.id;
  const save = {
    query: `mutation($c: ByokCredentialsInput!) { saveByokConfig(input: { credentials: $c, fallback: DENY }) { __typename ... on Refusal { code } } }`,
    variables: {
      c: { organizationId, accessKeyId: "AKIA", secretAccessKey: "x", region: "eu-central-1", inferenceProfile: "EU" },
    },
  };
  expect(await send(person.token, "prepared", save)).toBe("PLAN_WITHOUT_BYOK");
  await sql("UPDATE organization_subscription SET plan_code = 'ADVANCED' WHERE organization_id = $1", organizationId);
  const age = (milliseconds: number) =>
    sql(
      "UPDATE idempotent_answer SET created_at = $1 WHERE key = 'prepared'",
      new Date(clock.now().getTime() - milliseconds),
    );
  await age(RETENTION_MS - 1);
  expect(await send(person.token, "prepared", save)).toBe("PLAN_WITHOUT_BYOK");
  await age(RETENTION_MS);
  expect(await send(person.token, "prepared", save)).toBe("INVALID_INPUT");
});

test("a link that is shown once is not stored, and a repetition does not show it", async () => {
  const owner = await service.person();
  const id = await organization(owner);
  const invitationId = await invite(owner, id, "ivo@example.com");
  const renew = `mutation { done: renewInvitationLink(input: { organizationId: "${id}", invitationId: "${invitationId}" }) {
    ... on RenewInvitationLinkSuccess { link } ... on Refusal { code } } }`;
  const send = async () => (await owner.ask(renew, {}, { "idempotency-key": "link" })).data.done;
  const { link } = await send();
  expect(link).toMatch(/^http/);
  const stored = await sql<{ row: string }>("SELECT a::text AS row FROM idempotent_answer a WHERE key = 'link'");
  expect(stored).toEqual([{ row: expect.not.stringContaining(link.split("/").at(-1)) }]);
  expect(await send()).toEqual({ code: "IDEMPOTENCY_KEY_REUSED" });
});
