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
const secret = { "gateway-secret": SECRET };

/**
 * What Apollo Router sends: its planner keeps aliases, variables and literals, puts neighbouring mutations of one
 * subgraph into one document, and makes a document of its own for each that comes after another subgraph's. It names
 * them Operation__subgraph__number, those of an operation without a name not at all.
 */
describe("sent as Apollo Router plans it", () => {
  const planned = (name: string, ...fields: string[]) => `mutation ${name}{${fields.join(" ")}}`;

  test("neighbours come in one document", async () => {
    const { send, count } = await sender("the service");
    const document = planned("Twice__organizations__0", create("a", "Same"), create("b", "Same"));
    const first = await send(document, key("k"));
    expect(idOf(first, "a")).not.toBe(idOf(first, "b"));
    expect(await send(document, key("k"))).toEqual(first);
    expect(await count()).toBe(2);
  });

  test.each([
    ["named", "Mixed__organizations__0", "Mixed__organizations__2", {}],
    ["without a name, from a gateway with the secret", "", "", secret],
  ])("those apart come in documents of their own: %s", async (_, one, two, headers) => {
    const { send, count } = await sender("the service");
    const documents = [planned(one, create("a", "Same")), planned(two, create("c", "Same"))] as const;
    const all = async () => [
      await send(documents[0], { ...key("k"), ...headers }),
      await send(documents[1], { ...key("k"), ...headers }),
    ];
    const first = await all();
    expect(idOf(first[0] ?? {}, "a")).not.toBe(idOf(first[1] ?? {}, "c"));
    expect(await all()).toEqual(first);
    const other = await send(planned(one, create("a", "Other")), { ...key("k"), ...headers });
    expect(other.a?.code).toBe("IDEMPOTENCY_KEY_REUSED");
    expect(await count()).toBe(2);
  });

  test("an operation of another name is another request", async () => {
    const { send } = await sender("the service");
    await send(planned("Mixed__organizations__0", create("a", "Same")), key("k"));
    const other = await send(planned("Other__organizations__0", create("z", "Same")), key("k"));
    expect(other.z?.code).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  test("fields that arrive together stay apart", async () => {
    const { send, count } = await sender("the service");
    const documents = ["a", "b", "a", "b"].map((alias, n) =>
      planned(`Race__organizations__${n % 2}`, create(alias, "R")),
    );
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(documents.map((document) => send(document, key(`race-${round}`))));
      const ids = answers.map((answer) => idOf(answer, "a") ?? idOf(answer, "b"));
      expect(new Set(ids).size).toBe(2);
      expect([ids[0], ids[1]]).toEqual([ids[2], ids[3]]);
    }
    expect(await count()).toBe(10);
  });
});

describe("the headers that a gateway says the place by", () => {
  const place = (operation: string, field: string) => ({
    "idempotency-operation": operation,
    "idempotency-field": field,
  });
  const bare = `mutation { createOrganization(input: { name: "Same" }) ${RESULT} }`;

  test("tell equal documents apart", async () => {
    const { send, count } = await sender("the service");
    const ids = [];
    for (const field of ["a", "b", "a"])
      ids.push(idOf(await send(bare, { ...key("k"), ...place("a,b", field) }), "createOrganization"));
    expect(new Set(ids.slice(0, 2)).size).toBe(2);
    expect(ids[2]).toBe(ids[0]);
    const other = await send(bare, { ...key("k"), ...place("a", "a") });
    expect(other.createOrganization?.code).toBe("IDEMPOTENCY_KEY_REUSED");
    expect(await count()).toBe(2);
  });

  test.each([
    [
      "a field for a document of several",
      { "idempotency-field": "a" },
      `mutation { ${create("a", "X")} ${create("b", "X")} }`,
    ],
    ["a field that is no name", { "idempotency-field": "not a name" }, bare],
    ["an empty operation", { "idempotency-operation": "" }, bare],
  ])("are refused where they make no sense: %s", async (_, headers, document) => {
    const { ask } = await service.person();
    const { errors } = await ask(document, {}, { ...key("k"), ...headers });
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect((await ask("{ viewer { memberships { id } } }")).data.viewer.memberships).toHaveLength(1);
  });
});
