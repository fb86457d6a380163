import { invite, join, organization } from "../support/live-organization";
import { RunningService } from "../support/service";
import { connect, type StreamResult, subscribeByEvents, subscribeBySocket } from "../support/test-subscription";
import { withoutBackgroundStatements } from "../support/without-background-statements";

const SECRETS = "the-secret-of-today, the-secret-of-tomorrow";
let service: RunningService;
beforeAll(async () => {
  withoutBackgroundStatements();
  service = await RunningService.start({}, { jobs: false });
});
afterAll(() => service.stop());

const KEYS: Record<string, string> = {
  User: "user_account",
  Organization: "organization",
  Member: "member",
  Workspace: "workspace",
  Invitation: "invitation",
  OrganizationSubscription: "organization_subscription",
  ByokConfig: "byok_config",
};
const ALL = `query($r: [_Any!]!) { _entities(representations: $r) { __typename
  ${Object.keys(KEYS)
    .map((type) => `... on ${type} { id }`)
    .join(" ")} } }`;

/** A person whose organization has one object of every type, and the ids by type. */
async function ownerOfEverything() {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  await join(service, owner, id);
  await invite(owner, id, `${crypto.randomUUID()}@example.com`);
  const sql = <Row>(text: string, ...values: unknown[]): Promise<Row[]> =>
    service.app.services.database.dataSource.query(text, values);
  await sql(
    `INSERT INTO byok_config (id, organization_id, access_key_id_hint, is_temporary, region, inference_profile, fallback,
       enabled, version, master_key_id, wrapped_key, sealed_access_key_id, sealed_secret_access_key, last_verification,
       created_at, updated_at)
     VALUES (gen_random_uuid(), $1, 'AKIA…AAAA', false, 'us-east-1', 'GLOBAL', 'DENY', true, gen_random_uuid(), 'm', '', '', '',
       '{"ok": true, "checkedAt": "2026-03-01T00:00:00Z", "checks": []}', now(), now())`,
    id,
  );
  const ids: Record<string, string> = { User: owner.id, Organization: id };
  for (const [type, table] of Object.entries(KEYS)) {
    if (type in ids) continue;
    const [row] = await sql<{ id: string }>(
      `SELECT id FROM ${table} WHERE organization_id = $1 ORDER BY id DESC LIMIT 1`,
      id,
    );
    ids[type] = row?.id ?? "";
  }
  return { owner, ids };
}

/** A thousand representations, some of them of existing objects, of the types in turn. */
function thousand(ids: Record<string, string>, types: string[]) {
  return Array.from({ length: 1_000 }, (_, n) => {
    const type = types[n % types.length] ?? "";
    const id = n < types.length * 3 ? ids[type] : type === "User" ? `nobody|${n}` : crypto.randomUUID();
    return { __typename: type, id };
  });
}

test("a thousand representations cost one statement per type", async () => {
  const { owner, ids } = await ownerOfEverything();
  const { database } = service.app.services;
  for (const types of [...Object.keys(KEYS).map((type) => [type]), Object.keys(KEYS)]) {
    const r = thousand(ids, types);
    const before = database.statementCount();
    const { data, errors } = await owner.ask(ALL, { r });
    expect([types, errors, database.statementCount() - before]).toEqual([types, undefined, types.length]);
    const found = data._entities.map((entity: { id: string } | null) => entity?.id ?? null);
    expect(found.slice(0, types.length * 3)).toEqual(r.slice(0, types.length * 3).map(({ id }) => id));
    expect(found.slice(types.length * 3).every((id: string | null) => id === null)).toBe(true);
  }
});

test("a service with entities:read can read entities without a person, but no address; other services cannot", async () => {
  const { ids } = await ownerOfEverything();
  const reader = await service.service("entities:read");
  const r = Object.entries(ids).map(([__typename, id]) => ({ __typename, id }));
  const { data, errors } = await reader(ALL, { r });
  expect(errors).toBeUndefined();
  expect(data._entities.map(({ id }: { id: string }) => id)).toEqual(Object.values(ids));
  const addresses = await reader(
    `query($r: [_Any!]!) { _entities(representations: $r) { ... on User { email } ... on Member { user { email } }
      ... on Organization { members { nodes { user { email } } } } ... on Workspace { access { nodes { member { user { email } } } } } } }`,
    { r: r.filter(({ __typename }) => ["User", "Member", "Organization", "Workspace"].includes(__typename)) },
  );
  expect(addresses.errors).toBeUndefined();
  expect(JSON.stringify(addresses.data)).not.toContain("@");
  for (const scope of ["users:provision", "usage:write", "credentials:read"]) {
    const other = await service.service(scope);
    expect((await other(ALL, { r })).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  }
  expect((await service.ask(null)(ALL, { r })).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
});

describe("with GATEWAY_SECRETS", () => {
  let port: number;
  let token: string;
  beforeAll(async () => {
    ({ port } = await service.replica({ GATEWAY_SECRETS: SECRETS }, { jobs: false }));
    ({ token } = await service.person());
  });

  const DOCUMENTS: Array<[string, string]> = [
    ["_service", "{ _service { sdl } }"],
    ["_entities", '{ _entities(representations: [{ __typename: "Workspace", id: "x" }]) { __typename } }'],
    ["an alias", "{ viewer: _service { sdl } }"],
    ["a fragment", "{ ...F } fragment F on Query { ...G } fragment G on Query { a: _service { sdl } }"],
    ["an inline fragment", "{ ... on Query { ... { s: _service { sdl } } } }"],
    ["another operation", "query A { plans { code } } query B { _service { sdl } }"],
    ["a field beside it", "{ plans { code } _service { sdl } }"],
  ];
  const post = async (query: string, headers: Record<string, string> = {}): Promise<StreamResult> => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query, ...(query.includes("query B") && { operationName: "B" }) }),
    });
    return (await response.json()) as StreamResult;
  };
  const WAYS: Record<string, (query: string) => Promise<StreamResult | undefined>> = {
    HTTP: (query) => post(query),
    "a GET": async (query) => {
      const operation = query.includes("query B") ? "&operationName=B" : "";
      const url = `http://127.0.0.1:${port}/graphql?query=${encodeURIComponent(query)}${operation}`;
      const headers = { authorization: `Bearer ${token}`, "apollo-require-preflight": "1" };
      return (await (await fetch(url, { headers })).json()) as StreamResult;
    },
    "a WebSocket": async (query) => {
      const client = connect(port, token);
      const [received] = await subscribeBySocket(client, query.replace(/query A .*?} } query B/, "query B")).over();
      await client.dispose();
      return received;
    },
    "an event stream": async (query) =>
      (await (await subscribeByEvents(port, token, query.replace(/query A .*?} } query B/, "query B"))).over())[0],
  };

  describe.each(Object.keys(WAYS))("requests over %s", (way) => {
    test.each(DOCUMENTS)("refuse %s without a secret", async (_, query) => {
      const received = await WAYS[way]?.(query);
      expect(received?.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
      expect(JSON.stringify(received)).not.toMatch(/type Organization|__typename/);
    });
  });

  test.each([["a wrong one"], ["the-secret-of-today, the-secret-of-tomorrow"], ["the-secret-of-"], [""]])(
    "refuse '%s' as a secret",
    async (secret) => {
      const received = await post("{ _service { sdl } }", { "gateway-secret": secret });
      expect(received.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    },
  );

  test("accept either of two secrets, so that they can be replaced one after the other", async () => {
    for (const secret of ["the-secret-of-today", "the-secret-of-tomorrow"]) {
      const received = await post("{ _service { sdl } }", { "gateway-secret": secret });
      expect(received.data._service.sdl).toContain("type Organization");
    }
  });

  test("accept everything else without a secret", async () => {
    expect((await post("{ viewer { id } plans { code } }")).data.plans).toHaveLength(4);
  });
});
