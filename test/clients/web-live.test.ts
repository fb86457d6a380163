import WebSocket from "ws";
import { createClient } from "../../web/src/graph/create-client";
import {
  ChangeRoleDocument,
  MembershipChangesDocument,
  MembersPageDocument,
} from "../../web/src/graph/generated/graphql";
import { LiveStream } from "../../web/src/graph/live-stream";
import { onlyToken } from "../support/client-tokens";
import { DatabaseProxy } from "../support/database-proxy";
import { join, organization } from "../support/live-organization";
import { aMoment } from "../support/moment";
import { RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
});
afterAll(() => service.stop());

const urlOf = (port: number) => `http://127.0.0.1:${port}/graphql`;

/** An Owner whose client follows an organization and shows its members, and two Developers who joined. */
async function subscribedOwner(port: number, { checkMs = 20_000 } = {}) {
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const [one, two] = [await join(service, owner, id), await join(service, owner, id)];
  const client = createClient({ url: urlOf(port), tokens: onlyToken(owner.token), webSocket: WebSocket, checkMs });
  const roles: Array<Record<string, string>> = [];
  const page = client.watchQuery({ query: MembersPageDocument, variables: { organizationId: id, first: 5 } });
  const view = page.subscribe(({ data, dataState }) => {
    if (dataState !== "complete") return;
    roles.push(Object.fromEntries(data.organization?.members.edges.map(({ node }) => [node.id, node.role]) ?? []));
  });
  const events: string[] = [];
  const { live } = service.app;
  const until = async (holds: () => boolean) => {
    while (!holds()) await aMoment();
  };
  await until(() => roles.length > 0);
  const after = page.getCurrentResult().data?.organization?.eventCursor;
  const begun = client.subscribe({ query: MembershipChangesDocument, variables: { organizationId: id, after } });
  const stream = begun.subscribe(({ data }) => events.push(data?.membershipChanged.memberId ?? ""));
  const change = (memberId: string, role: string) =>
    owner.ask(
      `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${memberId}", role: ${role} }) { __typename } }`,
    );
  const stop = () => {
    stream.unsubscribe();
    view.unsubscribe();
    client.stop();
  };
  return { id, client, one, two, roles, events, change, until, live, stop };
}

test("changes by others and by oneself appear in every view immediately", async () => {
  const { id, client, one, two, roles, events, change, until, live, stop } = await subscribedOwner(service.app.port);
  await until(() => live.size > 0);
  await change(one.memberId, "VIEWER");
  await until(() => roles.at(-1)?.[one.memberId] === "VIEWER");
  expect(events).toEqual([one.memberId]);
  const input = { organizationId: id, memberId: two.memberId, role: "ADMIN" as const };
  await client.mutate({ mutation: ChangeRoleDocument, variables: { input } });
  expect(roles.at(-1)?.[two.memberId]).toBe("ADMIN");
  stop();
});

test("after a restart of the service, a stream continues without a gap", async () => {
  const before = await service.replica({}, { jobs: false });
  const { port } = before;
  const { one, two, events, change, until, stop } = await subscribedOwner(port);
  await until(() => before.live.size > 0);
  await change(one.memberId, "VIEWER");
  await until(() => events.length === 1);
  await before.close();
  await change(two.memberId, "VIEWER");
  await change(one.memberId, "ADMIN");
  const after = await service.replica({ PORT: String(port) }, { jobs: false });
  await until(() => events.length === 3);
  expect(events).toEqual([one.memberId, two.memberId, one.memberId]);
  expect(after.live.size).toBe(1);
  stop();
});

test("a change before a stream's first event arrives after a restart, without a second read", async () => {
  const before = await service.replica({}, { jobs: false });
  const { port } = before;
  const { one, roles, events, change, until, stop } = await subscribedOwner(port);
  await until(() => before.live.size > 0);
  await before.close();
  await change(one.memberId, "VIEWER");
  await service.replica({ PORT: String(port) }, { jobs: false });
  await until(() => roles.at(-1)?.[one.memberId] === "VIEWER");
  expect(events).toEqual([one.memberId]);
  stop();
});

test("a silent connection is replaced, and no event is missed or repeated", async () => {
  const { port } = service.app;
  const proxy = await DatabaseProxy.open();
  proxy.target = new URL(`http://127.0.0.1:${port}`);
  const { one, two, events, change, until, stop } = await subscribedOwner(Number(proxy.port), { checkMs: 500 });
  await until(() => service.app.live.size > 0);
  await change(one.memberId, "VIEWER");
  await until(() => events.length === 1);
  proxy.freeze();
  await change(two.memberId, "VIEWER");
  await until(() => events.length === 2);
  expect(events).toEqual([one.memberId, two.memberId]);
  stop();
  proxy.close();
});

test("after a restore of the database, streams with refused cursors continue from now, and views are read again", async () => {
  const before = await service.replica({}, { jobs: false });
  const { port } = before;
  const { one, two, roles, events, change, until, stop } = await subscribedOwner(port);
  await until(() => before.live.size > 0);
  await change(one.memberId, "VIEWER");
  await until(() => roles.at(-1)?.[one.memberId] === "VIEWER");
  await before.close();
  const { dataSource } = service.app.services.database;
  // The backup has the earlier role, and none of the events.
  await dataSource.query("UPDATE member SET role = 'DEVELOPER' WHERE id = $1", [one.memberId]);
  await dataSource.query("INSERT INTO database_restore (epoch, last_position, restored_at) VALUES ('next', 0, now())");
  await service.replica({ PORT: String(port) }, { jobs: false });
  await until(() => roles.at(-1)?.[one.memberId] === "DEVELOPER");
  await change(two.memberId, "ADMIN");
  await until(() => roles.at(-1)?.[two.memberId] === "ADMIN");
  expect(events).toEqual([one.memberId, two.memberId]);
  await dataSource.query("DELETE FROM database_restore");
  stop();
});

test("a stream whose new cursor is also refused ends with the service's error", () => {
  const refused = { errors: [{ message: "No.", extensions: { code: "BAD_USER_INPUT" } }] } as never;
  return new Promise<void>((resolve) => {
    const asked: unknown[] = [];
    const request = { query: "", variables: { after: "old" } as Record<string, unknown> };
    const stream = new LiveStream({
      request,
      subscribe: (sink) => {
        asked.push(request.variables.after);
        queueMicrotask(() => sink.next(refused));
        return () => undefined;
      },
      observer: {
        next: (result) => {
          expect([asked, result]).toEqual([["old", "new"], refused]);
          resolve();
        },
        error: resolve,
        complete: resolve,
      },
      replaceToken: () => Promise.resolve(false),
      freshCursor: () => Promise.resolve("new"),
      connections: () => 1,
    });
    stream.begin();
  });
});
