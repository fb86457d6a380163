import { DatabaseProxy } from "../support/database-proxy";
import { invite, organization } from "../support/live-organization";
import { RunningService } from "../support/service";
import { connect, subscribeBySocket } from "../support/test-subscription";

const CREATED = `subscription($id: ID!) {
  invitationChanged(organizationId: $id) { change invitation { email } } }`;

test("connections that stop responding, including the one that LISTENs, are replaced, and nothing is lost", async () => {
  const service = await RunningService.start({}, { jobs: false });
  const proxy = await DatabaseProxy.open();
  const other = await service.replica({ DATABASE_URL: proxy.url(service.databaseUrl) }, { jobs: false });
  const owner = await service.person("Olga");
  const id = await organization(owner);
  const client = connect(other.port, owner.token);
  const subscription = subscribeBySocket(client, CREATED, { id });
  while (other.live.size === 0) await new Promise((resolve) => setImmediate(resolve));
  await invite(owner, id, "before@example.com");
  await subscription.count(1);
  proxy.freeze();
  await invite(owner, id, "silent@example.com");
  await subscription.count(2);
  await invite(owner, id, "after@example.com");
  const received = await subscription.count(3);
  expect(received.map(({ data }) => data.invitationChanged.invitation.email)).toEqual([
    "before@example.com",
    "silent@example.com",
    "after@example.com",
  ]);
  await client.dispose();
  proxy.close();
  await service.stop();
});
