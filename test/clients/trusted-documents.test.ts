import { createHash } from "node:crypto";
import path from "node:path";
import type { ApolloClient } from "@apollo/client";
import { gql } from "@apollo/client";
import WebSocket from "ws";
import { createClient as createMobileClient } from "../../examples/mobile/create-client";
import type { App } from "../../src/app";
import { createClient as createWebClient } from "../../web/src/graph/create-client";
import * as documents from "../../web/src/graph/generated/graphql";
import { onlyToken } from "../support/client-tokens";
import { RunningService } from "../support/service";

const LIST = path.join(__dirname, "../../web/src/graph/generated/trusted-documents.json");

// A service in the mode for production that accepts only the clients' own documents.
let service: RunningService;
let locked: App;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
  locked = await service.replica({ TRUSTED_DOCUMENTS: LIST, INTROSPECTION: "false" }, { jobs: false });
});
afterAll(() => service.stop());

const SECRET = "the-secret-of-the-gateway";
const NOWHERE = "01900000-0000-7000-8000-000000000000";
const storage = { load: async () => null, save: async () => undefined };

async function clientOf(kind: string): Promise<ApolloClient> {
  const { token } = await service.person("Ada");
  const options = { url: `http://127.0.0.1:${locked.port}/graphql`, tokens: onlyToken(token), webSocket: WebSocket };
  return kind === "web" ? createWebClient(options) : (await createMobileClient({ ...options, storage })).client;
}

describe.each(["web", "mobile"])("the %s client", (kind) => {
  test("gets a response to each of its documents", async () => {
    const client = await clientOf(kind);
    const mine = await client.query({ query: documents.MyOrganizationsDocument });
    const organizationId = mine.data?.viewer.memberships?.[0]?.organization.id ?? "";
    const page = await client.query({ query: documents.MembersPageDocument, variables: { organizationId } });
    const [member] = page.data?.organization?.members.edges ?? [];
    const mutations = [
      [documents.CreateOrganizationDocument, { name: "New" }],
      [documents.RenameOrganizationDocument, { organizationId, name: "Renamed" }],
      [documents.ChangeRoleDocument, { organizationId, memberId: member?.node.id, role: "ADMIN" }],
    ] as const;
    const answers: unknown[] = [];
    for (const [mutation, input] of mutations) {
      const { data } = await client.mutate({
        mutation: mutation as typeof documents.ChangeRoleDocument,
        variables: { input } as never,
      });
      answers.push(Object.values(data ?? {})[0]);
    }
    expect(answers).toMatchObject([
      { __typename: "CreateOrganizationSuccess" },
      { __typename: "UpdateOrganizationSuccess" },
      { __typename: "Refusal", code: "LAST_OWNER" },
    ]);
    const refused = await new Promise((resolve) => {
      const variables = { organizationId: NOWHERE };
      client
        .subscribe({ query: documents.MembershipChangesDocument, variables })
        .subscribe({ next: resolve, error: resolve });
    });
    expect(JSON.stringify(refused)).toContain("NOT_FOUND");
    client.stop();
  });

  test("gets a refusal of any other document, over HTTP and over a WebSocket", async () => {
    const client = await clientOf(kind);
    await expect(client.query({ query: gql`{ viewer { email } }` })).rejects.toThrow(
      /only the documents|PersistedQueryNotFound/i,
    );
    const query = gql`subscription { receivedInvitationChanged { id } }`;
    const refused = await new Promise((resolve) => {
      client.subscribe({ query }).subscribe({ next: resolve, error: resolve });
    });
    expect(JSON.stringify(refused)).toContain("BAD_USER_INPUT");
    client.stop();
  });
});

test("clients cannot send the gateway's documents, by text or by hash", async () => {
  const variables = { TRUSTED_DOCUMENTS: LIST, INTROSPECTION: "false", GATEWAY_SECRETS: SECRET };
  const behind = await service.replica(variables, { jobs: false });
  const { token } = await service.person("Ada");
  const query = "{ viewer { email } }";
  const persistedQuery = { version: 1, sha256Hash: createHash("sha256").update(query).digest("hex") };
  const send = async (body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${behind.port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ ...body, extensions: { persistedQuery } }),
    });
    return (await response.json()) as {
      data?: { viewer: { email: string } };
      errors?: [{ extensions: { code: string } }];
    };
  };
  const { data } = await send({ query }, { "gateway-secret": SECRET });
  expect(data?.viewer.email).toContain("@");
  const byHash = await send({});
  expect(byHash.errors?.[0].extensions.code).toBe("PERSISTED_QUERY_NOT_FOUND");
  expect((await send({ query })).errors?.[0].extensions.code).toBe("BAD_USER_INPUT");
});
