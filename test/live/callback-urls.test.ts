import type { App } from "../../src/app";
import type { RouterStandIn } from "../support/router-stand-in";
import type { Person } from "../support/service";
import { type CallbackService, startCallbackService } from "./support/callback-service";

let callbacks: CallbackService;
let router: RouterStandIn;
let victim: RouterStandIn;
let app: App;
let owner: Person;
let id: string;
beforeAll(async () => {
  callbacks = await startCallbackService();
  ({ router, victim, app, owner, id } = callbacks);
});
afterAll(() => callbacks.stop());
afterEach(() => expect(victim.received).toEqual([]));

const INVITATIONS = "subscription($id: ID!) { invitationChanged(organizationId: $id) { cursor } }";

describe("a callbackUrl that is not below an allowed URL is refused and never called", () => {
  const port = () => new URL(router.url).port;
  test.each([
    ["another server", () => `${victim.url}/x`],
    ["another host", () => `http://localhost:${port()}/callback/x`],
    ["another protocol", () => `https://127.0.0.1:${port()}/callback/x`],
    ["a file", () => "file:///etc/passwd"],
    ["another path", () => `http://127.0.0.1:${port()}/callbacks`],
    ["a way up", () => `${router.url}/../admin`],
    ["a hidden way up", () => `${router.url}/%2e%2e/admin`],
    ["a way up by backslashes", () => `${router.url}/..\\admin`],
    ["credentials that look like the host", () => `http://127.0.0.1:${port()}@${new URL(victim.url).host}/callback`],
    ["credentials", () => `http://user:secret@127.0.0.1:${port()}/callback`],
    ["a longer name", () => "https://router.example.evil.example/callback"],
    ["no URL", () => "callback"],
    ["nothing", () => undefined],
    ["a number", () => 7],
  ])("%s", async (_, callbackUrl) => {
    const before = router.received.length;
    const { status, answer } = await router.subscribe(
      app.port,
      owner.token,
      { query: INVITATIONS, variables: { id } },
      { extension: { callbackUrl: callbackUrl() } },
    );
    expect(status).toBe(400);
    expect(answer.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(router.received).toHaveLength(before);
    expect(app.live.size).toBe(0);
  });
});
