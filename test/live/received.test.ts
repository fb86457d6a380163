import { begunStreams } from "../support/begun-streams";
import { invite, organization } from "../support/live-organization";
import { RunningService } from "../support/service";
import { connect, subscribeByEvents, subscribeBySocket, type TestSubscription } from "../support/test-subscription";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.stop());

const RECEIVED = "subscription { receivedInvitationChanged { id status role organization { name } } }";

const lastCode = (subscription: TestSubscription) => subscription.received.at(-1)?.errors?.[0]?.extensions.code;

describe.each(["WebSocket", "event stream"])("over a %s", (transport) => {
  const open = async (person: { token: string } | null, query: string, variables = {}) => {
    const { port, live } = service.app;
    const token = person?.token ?? null;
    const before = begunStreams(live);
    const subscription =
      transport === "event stream"
        ? await subscribeByEvents(port, token, query, variables)
        : subscribeBySocket(connect(port, token), query, variables);
    // From here on the stream delivers every event, unless it was refused.
    while (begunStreams(live) === before && !subscription.isOver) await new Promise((resolve) => setImmediate(resolve));
    return subscription;
  };

  test("a viewer whose address changes gets no more invitations to the old one", async () => {
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
    // With the old token, too, they get only invitations to the new address.
    const again = await open(moving, RECEIVED);
    const second = await organization(owner);
    await invite(owner, second, moving.email);
    const toNew = await invite(owner, second, `new-${moving.email}`);
    const [told] = await again.count(1);
    expect(told?.data.receivedInvitationChanged.id).toBe(toNew);
    again.stop();
  });

  test("a viewer whose address is no longer verified gets no more of its invitations", async () => {
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
