import http from "node:http";
import type { AddressInfo } from "node:net";
import type { ApolloClient } from "@apollo/client";
import WebSocket from "ws";
import { createClient } from "../../web/src/graph/create-client";
import {
  CreateOrganizationDocument,
  MembersPageDocument,
  MyOrganizationsDocument,
  RenameOrganizationDocument,
} from "../../web/src/graph/generated/graphql";
import { onlyToken } from "../support/client-tokens";
import { RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
});
afterAll(() => service.stop());

const urlOf = (port: number) => `http://127.0.0.1:${port}/graphql`;

/** A new person with the example's client, and the id of their personal organization. */
async function somebody(port = service.app.port) {
  const { token } = await service.person("Ada");
  const client = createClient({ url: urlOf(port), tokens: onlyToken(token), webSocket: WebSocket });
  const { data } = await client.query({ query: MyOrganizationsDocument });
  const id = data?.viewer.memberships?.[0]?.organization.id ?? "";
  return { client, id, token };
}

/** The current names in a view of all organizations and in a view of one organization. */
function watch(client: ApolloClient, organizationId: string) {
  const seen = { list: [] as string[], page: [] as string[] };
  const list = client.watchQuery({ query: MyOrganizationsDocument });
  const page = client.watchQuery({ query: MembersPageDocument, variables: { organizationId, first: 5 } });
  const subscriptions = [
    list.subscribe(({ data, dataState }) => {
      if (dataState === "complete") seen.list.push(data.viewer.memberships?.[0]?.organization.name ?? "");
    }),
    page.subscribe(({ data, dataState }) => {
      if (dataState === "complete") seen.page.push(data.organization?.name ?? "");
    }),
  ];
  const stop = () => subscriptions.map((subscription) => subscription.unsubscribe());
  return { seen, ready: Promise.all([list.refetch(), page.refetch()]), stop };
}

test("pages of a thousand members are merged into one list", async () => {
  const { client, id } = await somebody();
  const sql = (text: string, ...values: unknown[]) => service.app.services.database.dataSource.query(text, values);
  await sql(
    `INSERT INTO user_account (id, name, email, email_verified, identity_at, created_at)
     SELECT 'page' || n, 'Member ' || n, 'page' || n || '@example.com', true, now(), now() FROM generate_series(2, 1000) n`,
  );
  await sql(
    `INSERT INTO member (id, organization_id, user_id, role, joined_at)
     SELECT gen_random_uuid(), $1, 'page' || n, 'VIEWER', now() FROM generate_series(2, 1000) n`,
    id,
  );
  const pages = client.watchQuery({ query: MembersPageDocument, variables: { organizationId: id, first: 100 } });
  const subscription = pages.subscribe(() => undefined);
  let { data } = await pages.refetch();
  while (data?.organization?.members.pageInfo.hasNextPage) {
    const { endCursor } = data.organization.members.pageInfo;
    await pages.fetchMore({ variables: { after: endCursor } });
    data = client.readQuery({ query: MembersPageDocument, variables: { organizationId: id, first: 100 } }) ?? undefined;
  }
  const ids = data?.organization?.members.edges.map(({ node }) => node.id) ?? [];
  expect(ids).toHaveLength(1_000);
  expect(new Set(ids).size).toBe(1_000);
  subscription.unsubscribe();
});

test("the response to a mutation updates every view without another request", async () => {
  const { client, id } = await somebody();
  const { seen, ready, stop } = watch(client, id);
  await ready;
  await client.mutate({
    mutation: RenameOrganizationDocument,
    variables: { input: { organizationId: id, name: "Renamed" } },
  });
  expect([seen.list.at(-1), seen.page.at(-1)]).toEqual(["Renamed", "Renamed"]);
  stop();
});

test("an optimistic change is shown immediately, and rolled back on a Refusal", async () => {
  const { client, id } = await somebody();
  const { seen, ready, stop } = watch(client, id);
  await ready;
  const before = seen.page.at(-1);
  const { data } = await client.mutate({
    mutation: RenameOrganizationDocument,
    variables: { input: { organizationId: id, name: "x".repeat(101) } },
    optimisticResponse: {
      updateOrganization: {
        __typename: "UpdateOrganizationSuccess",
        organization: { __typename: "Organization", id, name: "Too long to be true" },
      },
    },
  });
  expect(data?.updateOrganization).toMatchObject({ __typename: "Refusal", code: "INVALID_INPUT", path: ["name"] });
  expect(seen.page).toContain("Too long to be true");
  expect([seen.list.at(-1), seen.page.at(-1)]).toEqual([before, before]);
  stop();
});

test("a mutation whose response was lost is retried and takes effect once", async () => {
  let losses = 2;
  const lossy = http.createServer((request, response) => {
    const { method, headers, url } = request;
    const onward = http.request({ port: service.app.port, method, headers, path: url }, (answer) => {
      const isMutation = headers["idempotency-key"] !== undefined;
      if (isMutation && losses-- > 0) {
        answer.resume();
        answer.on("end", () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => lossy.listen(0, "127.0.0.1", resolve));
  const { client } = await somebody((lossy.address() as AddressInfo).port);
  const { data } = await client.mutate({
    mutation: CreateOrganizationDocument,
    variables: { input: { name: "Once" } },
  });
  expect(data?.createOrganization).toMatchObject({ __typename: "CreateOrganizationSuccess" });
  expect(losses).toBeLessThan(0);
  const mine = await client.query({ query: MyOrganizationsDocument, fetchPolicy: "network-only" });
  expect(mine.data?.viewer.memberships?.filter(({ organization }) => organization.name === "Once")).toHaveLength(1);
  lossy.closeAllConnections();
  lossy.close();
});
