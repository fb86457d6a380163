import { startGateway } from "../../examples/gateway/start-gateway";
import { RunningService } from "../support/service";

const SECRET = "the-secret-of-the-gateway";
let service: RunningService;
let gateway: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  service = await RunningService.start({ GATEWAY_SECRETS: SECRET });
  const organizationsUrl = `http://127.0.0.1:${service.app.port}/graphql`;
  gateway = await startGateway({ port: 0, organizationsUrl, gatewaySecret: SECRET });
});
afterAll(async () => {
  await gateway.stop();
  await service.stop();
});

type Data = Record<string, { code?: string; organization?: { id: string; name: string }; status?: string }>;
type Send = (query: string, headers?: Record<string, string>, variables?: object) => Promise<Data>;

/** Sends operations of a new person, and says how many organizations they have. */
async function sender(through: "the service" | "the gateway") {
  const { token, ask } = await service.person();
  await ask("{ viewer { id } }");
  const url = through === "the gateway" ? gateway.url : `http://127.0.0.1:${service.app.port}/graphql`;
  const send: Send = async (query, headers = {}, variables = {}) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data: Data; errors?: unknown };
    expect(answer.errors).toBeUndefined();
    return answer.data;
  };
  const count = async () => {
    const { data } = await ask("{ viewer { memberships { id } } }");
    // One was theirs from the start.
    return data.viewer.memberships.length - 1;
  };
  return { send, count, ask };
}

const RESULT = "{ ... on CreateOrganizationSuccess { organization { id name } } ... on Refusal { code } }";
const create = (alias: string, name: string) => `${alias}: createOrganization(input: { name: "${name}" }) ${RESULT}`;
const key = (value: string) => ({ "idempotency-key": value });
const idOf = (data: Data, alias: string) => data[alias]?.organization?.id;

describe.each(["the service", "the gateway"] as const)("sent to %s", (through) => {
  test("two equal mutations in one document are two, and a repeat gives both first answers", async () => {
    const { send, count } = await sender(through);
    const document = `mutation Twice { ${create("a", "Same")} ${create("b", "Same")} }`;
    const first = await send(document, key("k"));
    expect(idOf(first, "a")).toBeDefined();
    expect(idOf(first, "b")).toBeDefined();
    expect(idOf(first, "a")).not.toBe(idOf(first, "b"));
    expect(await send(document, key("k"))).toEqual(first);
    expect(await count()).toBe(2);
  });

  test("different mutations in one document each have their answer", async () => {
    const { send, count } = await sender(through);
    const [mine] = [await send(`mutation { ${create("mine", "Mine")} }`)];
    const rename = (alias: string, name: string) =>
      `${alias}: updateOrganization(input: { organizationId: "${idOf(mine, "mine")}", name: "${name}" })
        { ... on UpdateOrganizationSuccess { organization { name } } ... on Refusal { code } }`;
    const document = `mutation { ${rename("x", "First")} ${create("y", "Other")} ${rename("z", "Second")} }`;
    const first = await send(document, key("k"));
    expect([first.x?.organization?.name, first.z?.organization?.name]).toEqual(["First", "Second"]);
    await send(`mutation { ${rename("later", "Third")} }`);
    const again = await send(document, key("k"));
    expect(idOf(again, "y")).toBe(idOf(first, "y"));
    // Neither renaming happened once more.
    expect((await send(`mutation { ${rename("later", "Third")} }`)).later?.code).toBe(undefined);
    expect(await count()).toBe(2);
  });

  test.each([
    ["another argument", `mutation { ${create("a", "Other")} }`],
    ["another place", `mutation { ${create("c", "Same")} }`],
    ["one more field", `mutation { ${create("a", "Same")} ${create("c", "More")} }`],
    [
      "another mutation",
      `mutation { a: leaveOrganization(input: { organizationId: "ID" }) { ... on Refusal { code } } }`,
    ],
  ])("another request under the same key is refused: %s", async (_, other) => {
    const { send, count } = await sender(through);
    const first = await send(`mutation { ${create("a", "Same")} }`, key("k"));
    const answers = Object.values(await send(other.replace("ID", idOf(first, "a") ?? ""), key("k")));
    expect(answers.map(({ code }) => code)).toEqual(answers.map(() => "IDEMPOTENCY_KEY_REUSED"));
    expect(await count()).toBe(1);
  });

  test("a mutation is the same with literals or variables, in fragments, and with any selection", async () => {
    const { send, count } = await sender(through);
    const first = await send(`mutation { ${create("a", "Same")} }`, key("k"));
    const forms = [
      `mutation Named($i: CreateOrganizationInput!) { a: createOrganization(input: $i) ${RESULT} }`,
      `mutation ($n: String! = "Same", $no: Boolean = false) {
        a: createOrganization(input: { name: $n }) ${RESULT} b: createOrganization(input: { name: "B" }) @include(if: $no) ${RESULT} }`,
      `mutation { ...f } fragment f on Mutation { __typename a: createOrganization(input: { name: "Same" }) ${RESULT} }`,
      `mutation { a: createOrganization(input: { name: "Same" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
    ];
    for (const form of forms) {
      const variables = form.includes("$i") ? { i: { name: "Same" } } : {};
      expect(idOf(await send(form, key("k"), variables), "a")).toBe(idOf(first, "a"));
    }
    expect(await count()).toBe(1);
  });

  test("operations that arrive together under one key have the effects of one", async () => {
    const { send, count } = await sender(through);
    const document = `mutation { ${create("a", "Same")} ${create("b", "Same")} }`;
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(document, key("k"))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await count()).toBe(2);
  });
});

test("fields of the other subgraph in between do not matter", async () => {
  const { send, count } = await sender("the gateway");
  const run = 'run: startRun(agentId: "01a2.0") { status }';
  const document = `mutation { ${create("a", "Same")} ${run} ${create("b", "Same")} }`;
  const first = await send(document, key("k"));
  expect(first.run?.status).toBe("REFUSED");
  const again = await send(document, key("k"));
  expect([idOf(again, "a"), idOf(again, "b")]).toEqual([idOf(first, "a"), idOf(first, "b")]);
  expect(await count()).toBe(2);
});

test("what began at the service is finished through the gateway, and the other way round", async () => {
  const { send, ask, count } = await sender("the gateway");
  const document = `mutation { ${create("a", "Same")} ${create("b", "Same")} }`;
  const { data } = await ask(document, {}, key("one"));
  expect(await send(document, key("one"))).toEqual(data);
  const through = await send(document, key("two"));
  expect((await ask(document, {}, key("two"))).data).toEqual(through);
  expect(await count()).toBe(4);
});
