import type { Viewer } from "../../src/domain/viewer";
import { World } from "../support/world";
import { type Actors, createFixtures, type Target } from "./actors";
import { allOf, ask, subscriptionTo } from "./ask-as";
import { Comparison } from "./comparison";
import { Oracle } from "./oracle";
import { selectionsBelow } from "./selections";
import type { Thing, WorldState } from "./world-state";

// Subscriptions, for every viewer. In npm run prove also one hop below the objects of events.
const HOPS = process.env.PROVE_HOPS ? 1 : 0;

let world: World;
let state: WorldState;
let actors: Actors;
let target: Target;
let gone: Thing[];
beforeAll(async () => {
  world = await World.create();
  ({ state, actors, target, gone } = await createFixtures(world));
});
afterAll(() => world.close());

const missingIds = (type: string) => gone.filter((thing) => thing[0] === type).map(([, id]) => id);

const roleIn = (viewer: Viewer, organizationId: string) =>
  viewer.kind === "person" ? (state.roles.get(organizationId)?.get(viewer.id) ?? null) : null;

test("a deleted organization has no streams", async () => {
  for (const [who, viewer] of Object.entries(actors)) {
    for (const id of missingIds("Organization")) {
      for (const field of ["membershipChanged", "invitationChanged", "organizationChanged", "auditLogChanged"]) {
        const { code, stream } = await ask(
          world,
          viewer,
          `subscription { ${field}(organizationId: "${id}") { cursor } }`,
        );
        const denied = viewer.kind === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
        expect([who, code, stream]).toEqual([who, viewer.kind === "person" ? "NOT_FOUND" : denied, null]);
      }
    }
  }
});

test("only a service with the scope subscribes to the events of all organizations", async () => {
  for (const [who, viewer] of Object.entries(actors)) {
    const { code, stream } = await ask(world, viewer, "subscription { organizationEvents { cursor } }");
    await stream?.return(undefined);
    const denied = viewer.kind === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
    const expected = who === "service events:read" ? null : denied;
    expect([who, code, stream === null]).toEqual([who, expected, expected !== null]);
  }
});

/** Who may subscribe, by the product's rules, and the code for others. */
function expectedAtTheStream(viewer: Viewer, field: string): string | null {
  if (viewer.kind === "anonymous") return "UNAUTHENTICATED";
  if (viewer.kind === "service") return "FORBIDDEN";
  if (field === "viewerMembershipChanged") return null;
  if (field === "receivedInvitationChanged") return viewer.emailVerified ? null : "FORBIDDEN";
  const role = roleIn(viewer, target.organizationId);
  if (!role) return "NOT_FOUND";
  const isForAll = field !== "invitationChanged" && field !== "auditLogChanged";
  return isForAll || role === "OWNER" || role === "ADMIN" ? null : "FORBIDDEN";
}

test.each([
  ["invitationChanged", "invitation", "Invitation"],
  ["membershipChanged", "member", "Member"],
  ["organizationChanged", "organization", "Organization"],
  ["auditLogChanged", null, "AuditLogChange"],
  ["receivedInvitationChanged", null, "Invitation"],
  ["viewerMembershipChanged", "organization", "Organization"],
])("%s admits only permitted viewers, and shows them no more than queries do", async (field, part, type) => {
  const oracle = new Oracle(state);
  const path = part === null ? [field] : [field, part];
  const within = (selection: string) => (part === null ? selection : `${part} { ${selection} }`);
  const wrong: string[] = [];
  let events = 0;
  for (const [who, viewer] of Object.entries(actors)) {
    const comparison = new Comparison(viewer, world, oracle);
    for (const selection of selectionsBelow(type, HOPS)) {
      const text = subscriptionTo(viewer, target.organizationId, field, within(selection));
      const { code, stream, context } = await ask(world, viewer, text);
      const expected = expectedAtTheStream(viewer, field);
      if (code !== expected || (stream === null) !== (expected !== null)) wrong.push(`${who}, ${field}: ${code}`);
      if (expected !== null || !stream) break;
      const results = await allOf(stream, context);
      for (const result of results) {
        events += 1;
        comparison.judge(result, path, type, who, text);
      }
    }
    wrong.push(...comparison.wrong);
  }
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(events).toBeGreaterThan(3 * HOPS);
});
