import { startGateway } from "../../examples/gateway/start-gateway";
import { RunningService } from "../support/service";
import { create, idOf, key, RESULT, senderTo } from "./support/idempotent-operations";

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

const planned = (name: string, ...fields: string[]) => `mutation ${name}{${fields.join(" ")}}`;
const sender = (through: "the service" | "the gateway") =>
  senderTo(through === "the gateway" ? gateway.url : `http://127.0.0.1:${service.app.port}/graphql`, service);

describe.each(["the service", "the gateway"] as const)("sent to %s", (through) => {
  test("two equal mutations in one document both take effect, and a repeat returns both first responses", async () => {
    const { send, count } = await sender(through);
    const document = `mutation Twice { ${create("a", "Same")} ${create("b", "Same")} }`;
    const first = await send(document, key("k"));
    expect(idOf(first, "a")).toBeDefined();
    expect(idOf(first, "b")).toBeDefined();
    expect(idOf(first, "a")).not.toBe(idOf(first, "b"));
    expect(await send(document, key("k"))).toEqual(first);
    expect(await count()).toBe(2);
  });

  test("different mutations in one document get their own responses", async () => {
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
    // Neither mutation took effect again.
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
  ])("another request with the same key is refused: %s", async (_, other) => {
    const { send, count } = await sender(through);
    const first = await send(`mutation { ${create("a", "Same")} }`, key("k"));
    const answers = Object.values(await send(other.replace("ID", idOf(first, "a") ?? ""), key("k")));
    expect(answers.map(({ code }) => code)).toEqual(answers.map(() => "IDEMPOTENCY_KEY_REUSED"));
    expect(await count()).toBe(1);
  });

  test("a mutation is equal with literals or variables, in fragments and with any selection", async () => {
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

  test("simultaneous operations with one key take effect once", async () => {
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

test("an operation that was sent to the service can be repeated through the gateway, and the other way round", async () => {
  const { send, ask, count } = await sender("the gateway");
  const document = `mutation { ${create("a", "Same")} ${create("b", "Same")} }`;
  const { data } = await ask(document, {}, key("one"));
  expect(await send(document, key("one"))).toEqual(data);
  const through = await send(document, key("two"));
  expect((await ask(document, {}, key("two"))).data).toEqual(through);
  expect(await count()).toBe(4);
});

/**
 * The documents of Apollo Router: its planner keeps aliases, variables and literals, puts adjacent mutations of one
 * subgraph into one document, and creates another document after a mutation of another subgraph. It names them
 * Operation__subgraph__number, and leaves those of an operation without a name unnamed.
 */
describe("sent as Apollo Router plans it", () => {
  test("adjacent mutations come in one document", async () => {
    const { send, count } = await sender("the service");
    const document = planned("Twice__organizations__0", create("a", "Same"), create("b", "Same"));
    const first = await send(document, key("k"));
    expect(idOf(first, "a")).not.toBe(idOf(first, "b"));
    expect(await send(document, key("k"))).toEqual(first);
    expect(await count()).toBe(2);
  });

  test.each([
    ["named", "Mixed__organizations__0", "Mixed__organizations__2", {}],
    ["without a name, from a gateway with the secret", "", "", { "gateway-secret": SECRET }],
  ])("separate mutations come in separate documents: %s", async (_, one, two, headers) => {
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

  test("an operation can be repeated without the router, and the other way round", async () => {
    const { send } = await sender("the service");
    const sent = async (name: string, k: string) => idOf(await send(planned(name, create("a", "Same")), key(k)), "a");
    const [one, two] = [await sent("", "one"), await sent("Same__organizations__0", "two")];
    expect(await sent("Same__organizations__0", "one")).toBe(one);
    expect(await sent("", "two")).toBe(two);
    expect(new Set([one, two, undefined]).size).toBe(3);
  });

  test("an operation of another name is another request", async () => {
    const { send } = await sender("the service");
    await send(planned("Mixed__organizations__0", create("a", "Same")), key("k"));
    const other = await send(planned("Other__organizations__0", create("z", "Same")), key("k"));
    expect(other.z?.code).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  test("fields that run at the same time have keys of their own", async () => {
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

describe("the headers of a gateway about the place of a mutation", () => {
  const place = (operation: string, field: string) => ({
    "idempotency-operation": operation,
    "idempotency-field": field,
  });
  const bare = `mutation { createOrganization(input: { name: "Same" }) ${RESULT} }`;

  test("distinguish equal documents", async () => {
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

  test("a field alone says that other documents of the operation may follow", async () => {
    const { send } = await sender("the service");
    const sent = (alias: string) =>
      send(planned("", create(alias, "Same")), { ...key("k"), "idempotency-field": alias });
    const ids = [idOf(await sent("a"), "a"), idOf(await sent("b"), "b"), idOf(await sent("a"), "a")];
    expect([new Set([...ids, undefined]).size, ids[2]]).toEqual([3, ids[0]]);
  });

  test.each([
    [
      "a field for a document of several",
      { "idempotency-field": "a" },
      `mutation { ${create("a", "X")} ${create("b", "X")} }`,
    ],
    ["a field that is no name", { "idempotency-field": "not a name" }, bare],
    ["an empty operation", { "idempotency-operation": "" }, bare],
  ])("are refused if they are invalid: %s", async (_, headers, document) => {
    const { ask } = await service.person();
    const { errors } = await ask(document, {}, { ...key("k"), ...headers });
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect((await ask("{ viewer { memberships { id } } }")).data.viewer.memberships).toHaveLength(1);
  });
});
