import http from "node:http";
import type { AddressInfo } from "node:net";
import type { NormalizedCacheObject } from "@apollo/client";
import WebSocket from "ws";
import { createClient, type Storage } from "../../examples/mobile/create-client";
import { MyOrganizationsDocument } from "../../web/src/graph/generated/graphql";
import { onlyToken } from "../support/client-tokens";
import { RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
});
afterAll(() => service.stop());

function deviceStorage(): Storage & { saved: string | null } {
  return {
    saved: null,
    async load() {
      return this.saved === null ? null : (JSON.parse(this.saved) as NormalizedCacheObject);
    },
    async save(cache) {
      this.saved = JSON.stringify(cache);
    },
  };
}

/** A proxy in front of the service that records the bodies of requests. */
async function listenIn() {
  const bodies: string[] = [];
  const proxy = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      bodies.push(body);
      const { method, headers, url } = request;
      const onward = http.request({ port: service.app.port, method, headers, path: url }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/graphql`, bodies, close: () => proxy.close() };
}

test("a document is sent once, and afterwards only its hash", async () => {
  const { token } = await service.person();
  const line = await listenIn();
  const { client } = await createClient({
    url: line.url,
    tokens: onlyToken(token),
    storage: deviceStorage(),
    webSocket: WebSocket,
  });
  const ask = () => client.query({ query: MyOrganizationsDocument, fetchPolicy: "network-only" });
  await ask();
  expect((await ask()).data?.viewer.memberships).toHaveLength(1);
  expect(line.bodies.map((body) => body.includes('"query":'))).toEqual([false, true, false]);
  line.close();
});

test("the screen shows the last known data until the network responds", async () => {
  const { token } = await service.person("Ada");
  const storage = deviceStorage();
  const url = `http://127.0.0.1:${service.app.port}/graphql`;
  const first = await createClient({ url, tokens: onlyToken(token), storage, webSocket: WebSocket });
  await first.client.query({ query: MyOrganizationsDocument });
  await first.keep();
  const offline = await createClient({
    url: "http://127.0.0.1:1/graphql",
    tokens: onlyToken(token),
    storage,
    webSocket: WebSocket,
  });
  const { data } = await offline.client.query({ query: MyOrganizationsDocument, fetchPolicy: "cache-only" });
  expect(data?.viewer.memberships?.[0]?.organization.name).toBe("Ada’s Organization");
});

test("a request during a restart is answered once the service is back", async () => {
  const { token } = await service.person();
  const replica = await service.replica({}, { jobs: false });
  const { port } = replica;
  const { client } = await createClient({
    url: `http://127.0.0.1:${port}/graphql`,
    tokens: onlyToken(token),
    storage: deviceStorage(),
    webSocket: WebSocket,
  });
  await replica.close();
  const answer = client.query({ query: MyOrganizationsDocument });
  await service.replica({ PORT: String(port) }, { jobs: false });
  expect((await answer).data?.viewer.memberships).toHaveLength(1);
});
