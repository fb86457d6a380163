import { commands } from "../../src/commands";
import { Subscriptions } from "../../src/live/subscriptions";
import type { Reader } from "../../src/store/engine/statement";
import { Epochs } from "../../src/store/events/epochs";
import { begun } from "../support/begun-streams";
import { invite, organization } from "../support/live-organization";
import { RunningService } from "../support/service";
import { connect, subscribeByEvents, subscribeBySocket, type TestSubscription } from "../support/test-subscription";
import { World } from "../support/world";
import { WorldStream } from "./support/world-stream";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.stop());

const RECEIVED = "subscription { receivedInvitationChanged { id status role organization { name } } }";

const lastCode = (subscription: TestSubscription) => subscription.received.at(-1)?.errors?.[0]?.extensions.code;

describe.each(["WebSocket", "event stream"])("over a %s", (transport) => {
  const open = (person: { token: string } | null, query: string, variables = {}) => {
    const { port, live } = service.app;
    const token = person?.token ?? null;
    return begun(live, () =>
      transport === "event stream"
        ? subscribeByEvents(port, token, query, variables)
        : subscribeBySocket(connect(port, token), query, variables),
    );
  };

  test("a viewer whose address changes gets no further invitations to the old one", async () => {
    const owner = await service.person("Olga");
    const id = await organization(owner);
    const moving = await service.person("Mona");
    const identity = { id: moving.id, name: "Mona", email: moving.email, emailVerified: true };
    const phone = await open(moving, RECEIVED);
    await invite(owner, id, moving.email);
    await phone.count(1);
    const token = await service.issuer.issue({ ...identity, email: `new-${moving.email}` });
    await service.ask(token)("{ viewer { id } }");
    await phone.over();
    expect(lastCode(phone)).toBe("FORBIDDEN");
    // With the old token, too, the viewer gets only invitations to the new address.
    const again = await open(moving, RECEIVED);
    const second = await organization(owner);
    await invite(owner, second, moving.email);
    const toNew = await invite(owner, second, `new-${moving.email}`);
    const [told] = await again.count(1);
    expect(told?.data.receivedInvitationChanged.id).toBe(toNew);
    again.stop();
  });

  test("a viewer whose address is no longer verified gets no further invitations to it", async () => {
    const person = await service.person("Nora");
    const phone = await open(person, RECEIVED);
    const unproven = { id: person.id, name: "Nora", email: person.email, emailVerified: false };
    const token = await service.issuer.issue(unproven);
    await service.ask(token)("{ viewer { id } }");
    await phone.over();
    expect(lastCode(phone)).toBe("FORBIDDEN");
    for (const each of [token, person.token]) {
      const again = await open({ token: each }, RECEIVED);
      await again.over();
      expect(lastCode(again)).toBe("FORBIDDEN");
    }
  });
});

test("changes keep the order of their log, even if a later one has an earlier time", async () => {
  const world = await World.create();
  const [acme, globex, invitee] = [await world.organization(), await world.organization(), await world.person()];
  const stream = await WorldStream.open(world, invitee, "receivedInvitationChanged", {}, "id status");
  const first = await acme.invite(invitee.email, "VIEWER");
  await acme.owner.run(commands.cancelInvitation, { organizationId: acme.id, invitationId: first });
  world.clock.pass(-60_000);
  const second = await acme.invite(invitee.email, "VIEWER");
  const other = await globex.invite(invitee.email, "VIEWER");
  world.clock.pass(60_000);
  const ids = (await stream.next()).map(({ id }) => id);
  expect(ids.filter((id) => id !== other)).toEqual([first, first, second]);
  expect(ids).toHaveLength(4);
  await stream.close();
  await world.close();
});

test("of two streams that start at once, neither misses an invitation", async () => {
  const world = await World.create();
  const [acme, invitee] = [await world.organization(), await world.person()];
  const [reached, released] = [new AbortController(), new AbortController()];
  // The first stream has read the pending invitations, and waits for its second statement.
  const database: Reader = {
    rows: async (statement, values) => {
      if (statement.name === "address-holders" && !reached.signal.aborted) {
        reached.abort();
        await aborted(released.signal);
      }
      return await world.database.rows<never>(statement, values);
    },
  };
  const feeds = { database, clock: world.clock, epochs: new Epochs() };
  const live = new Subscriptions(feeds, { subscribe: () => undefined }, () => undefined);
  const subscriber = { viewer: invitee, expiresAt: null, onStalled: () => undefined };
  const first = live.subscribeToReceivedInvitations(subscriber);
  await aborted(reached.signal);
  const id = await acme.invite(invitee.email, "VIEWER");
  const second = await live.subscribeToReceivedInvitations(subscriber);
  released.abort();
  const results = [second, await first].map((stream) => stream.next());
  await live.drain();
  live.close();
  expect((await Promise.all(results)).map(({ value }) => value?.id)).toEqual([id, id]);
  await world.close();
});

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
