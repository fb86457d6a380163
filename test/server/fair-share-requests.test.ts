import { FAIR_SHARE } from "../../src/server/caller/fair-share";
import { organization } from "../support/live-organization";
import { type Answer, type Person, RunningService } from "../support/service";
import { connect, subscribeByEvents, subscribeBySocket } from "../support/test-subscription";

describe("the service", () => {
  let service: RunningService;
  let owner: Person;
  let id: string;
  beforeAll(async () => {
    const patient = { OPERATION_DEADLINE_MS: "60000", LOCK_TIMEOUT_MS: "60000" };
    service = await RunningService.start(patient, { jobs: false });
    owner = await service.person("Olga");
    id = await organization(owner);
  });
  afterAll(() => service.stop());

  /** Locks an organization like a change does. Returns a function that releases the lock. */
  async function hold(organizationId: string): Promise<() => Promise<void>> {
    const runner = service.app.services.database.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query("SELECT id FROM organization WHERE id = $1 FOR UPDATE", [organizationId]);
    return async () => {
      await runner.commitTransaction();
      await runner.release();
    };
  }

  async function waitFor(what: { running: number; waiting: number }): Promise<void> {
    for (;;) {
      const metrics = await (await fetch(`http://127.0.0.1:${service.app.port}/metrics`)).text();
      const of = (name: string) => Number(new RegExp(`^operations_${name} (\\d+)$`, "m").exec(metrics)?.[1]);
      if (of("running") === what.running && of("waiting") === what.waiting) return;
    }
  }

  const rename = (n: number) =>
    `mutation { updateOrganization(input: { organizationId: "${id}", name: "N${n}" }) { __typename } }`;

  test("refuses a person's operations beyond their share on every transport, and executes those of others", async () => {
    const letGo = await hold(id);
    const { port } = service.app;
    const client = connect(port, owner.token);
    const requests: Array<Promise<Answer>> = [];
    for (let n = 0; n < FAIR_SHARE.running; n++) requests.push(owner.ask(rename(n)));
    await waitFor({ running: FAIR_SHARE.running, waiting: 0 });
    // Half of the waiting operations came over a socket.
    const half = FAIR_SHARE.waiting / 2;
    for (let n = 0; n < half; n++) requests.push(owner.ask(rename(n)));
    const overSocket = Array.from({ length: half }, (_, n) => subscribeBySocket(client, rename(n)));
    await waitFor({ running: FAIR_SHARE.running, waiting: FAIR_SHARE.waiting });

    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${owner.token}` },
      body: JSON.stringify({ query: "{ viewer { id } }" }),
    });
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "1"]);
    const file = await fetch(`http://127.0.0.1:${port}/organizations/${id}/access-reviews/${id}.csv`, {
      headers: { authorization: `Bearer ${owner.token}` },
    });
    expect([file.status, file.headers.get("retry-after")]).toEqual([429, "1"]);
    const denial = { errors: [{ extensions: { code: "RATE_LIMITED", retryAfterSeconds: 1 } }] };
    expect(await response.json()).toMatchObject(denial);
    expect((await subscribeBySocket(client, "{ viewer { id } }").over())[0]).toMatchObject(denial);
    expect((await (await subscribeByEvents(port, owner.token, "{ viewer { id } }")).over())[0]).toMatchObject(denial);
    const exported = await fetch(`http://127.0.0.1:${port}/organizations/${id}/access-reviews/x.csv`, {
      headers: { authorization: `Bearer ${owner.token}` },
    });
    expect(exported.status).toBe(429);
    expect(await exported.json()).toMatchObject(denial);

    const other = await service.person("Otto");
    expect((await other.ask("{ viewer { name } }")).data.viewer.name).toBe("Otto");
    expect((await service.ask(null)("{ plans { code } }")).data.plans).toHaveLength(4);
    expect((await (await service.service("users:provision"))("{ plans { code } }")).data.plans).toHaveLength(4);

    await letGo();
    const answers = await Promise.all(requests);
    expect(answers.map(({ data }) => data.updateOrganization.__typename)).toEqual(
      answers.map(() => "UpdateOrganizationSuccess"),
    );
    for (const each of overSocket) {
      expect((await each.over())[0]?.data.updateOrganization.__typename).toBe("UpdateOrganizationSuccess");
    }
    expect((await owner.ask("{ viewer { name } }")).data.viewer.name).toBe("Olga");
    await waitFor({ running: 0, waiting: 0 });
    await client.dispose();
  });

  test("does not start an operation that the client canceled while it waited", async () => {
    const letGo = await hold(id);
    const client = connect(service.app.port, owner.token);
    const requests = Array.from({ length: FAIR_SHARE.running }, (_, n) => owner.ask(rename(n)));
    await waitFor({ running: FAIR_SHARE.running, waiting: 0 });
    const taken = subscribeBySocket(
      client,
      `mutation { createOrganization(input: { name: "Taken back" }) { __typename } }`,
    );
    await waitFor({ running: FAIR_SHARE.running, waiting: 1 });
    const abort = new AbortController();
    const left = fetch(`http://127.0.0.1:${service.app.port}/graphql`, {
      method: "POST",
      signal: abort.signal,
      headers: { "content-type": "application/json", authorization: `Bearer ${owner.token}` },
      body: JSON.stringify({ query: `mutation { createOrganization(input: { name: "Left" }) { __typename } }` }),
    }).catch(() => null);
    await waitFor({ running: FAIR_SHARE.running, waiting: 2 });
    taken.stop();
    abort.abort();
    await left;
    // The response to a later message of the same socket proves that the completion has arrived.
    const over = subscribeBySocket(client, "{ viewer { memberships { organization { name } } } }");
    await waitFor({ running: FAIR_SHARE.running, waiting: 3 });
    await letGo();
    await Promise.all(requests);
    const names = (await over.over())[0]?.data.viewer.memberships.map(
      ({ organization: { name } }: { organization: { name: string } }) => name,
    );
    expect(names).not.toContain("Taken back");
    expect(names).not.toContain("Left");
    await client.dispose();
  });
});
