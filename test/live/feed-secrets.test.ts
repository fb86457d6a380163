import { writeFeedCursor } from "../../src/store/events/feed-position";
import { invite, join, organization } from "../support/live-organization";
import { encodingsOf } from "../support/secret-documents";
import { type Person, RunningService } from "../support/service";
import { subscribeByEvents } from "../support/test-subscription";

// Puts an address or a secret into every kind of text that the log could contain, and searches the feed for them.
const CANARY = "canary-7f3a";
let service: RunningService;
let owner: Person;
let id: string;
beforeAll(async () => {
  service = await RunningService.start();
  owner = await service.person(`Olga ${CANARY}@example.com`);
  id = await organization(owner);
});
afterAll(() => service.stop());

const mutate = (person: Person, name: string, input: string) =>
  person.ask(`mutation { ${name}(input: { ${input} }) { __typename } }`);
const FIELDS =
  "cursor organizationId sequence type occurredAt actorLabel subjectId userId workspaceId changes { field before after }";

/** Makes every kind of change that contains text from people. Returns the secrets. */
async function changeEverything(): Promise<string[]> {
  const of = `organizationId: "${id}"`;
  await mutate(
    owner,
    "updateOrganization",
    `${of}, name: "Mail ${CANARY}@example.com", description: "${CANARY}@example.com"`,
  );
  await mutate(
    owner,
    "createWorkspace",
    `${of}, name: "${CANARY}@example.com", description: "to ${CANARY}@example.com", cloudProvider: AWS`,
  );
  for (const n of [1, 2, 3]) await invite(owner, id, `${CANARY}-${n}@example.com`);
  const invitationId = await invite(owner, id, `${CANARY}-gone@example.com`);
  await mutate(owner, "cancelInvitation", `${of}, invitationId: "${invitationId}"`);
  const member = await join(service, owner, id, "DEVELOPER");
  await mutate(owner, "changeMemberRole", `${of}, memberId: "${member.memberId}", role: VIEWER`);
  await mutate(owner, "removeMember", `${of}, memberId: "${member.memberId}"`);
  const tokens = await Promise.all([1, 2, 3].map((n) => service.tokenFor(`${CANARY}-${n}@example.com`)));
  return [CANARY, member.email, owner.email, ...tokens];
}

test("the feed contains no address and no secret, neither in the query nor live", async () => {
  const secrets = await changeEverything();
  const token = await service.issuer.issueForService("reader", ["events:read"]);
  const after = writeFeedCursor({ last: [0, id, 0], running: [], unfinished: null });
  const { data } = await service.ask(token)(
    `query($after: String) { organizationEvents(after: $after) { cursor hasMore events { ${FIELDS} } } }`,
    { after },
  );
  const { events, hasMore } = data.organizationEvents;
  expect(hasMore).toBe(false);
  const subscription = await subscribeByEvents(
    service.app.port,
    token,
    `subscription($after: String) { organizationEvents(after: $after) { ${FIELDS} } }`,
    { after },
  );
  const live = await subscription.count(events.length);
  subscription.stop();
  // The log has them, so the feed left them out.
  const [log] = await service.app.services.database.dataSource.query(
    "SELECT string_agg(summary || data::text, ' ') AS text FROM organization_event",
  );
  expect(log.text).toContain(CANARY);
  const received = JSON.stringify([events, live]);
  for (const secret of secrets.flatMap(encodingsOf))
    expect([secret, received.includes(secret)]).toEqual([secret, false]);
  expect(received).not.toContain("@");
  const types = events.map(({ type }: { type: string }) => type);
  const kinds = [
    "organization.updated",
    "workspace.created",
    "invitation.created",
    "invitation.sent",
    "invitation.canceled",
  ];
  expect(types).toEqual(expect.arrayContaining(kinds));
  const updated = events.find(({ type }: { type: string }) => type === "organization.updated");
  expect(updated.changes).toContainEqual({ field: "name", before: "Acme", after: "Mail [address]" });
});
