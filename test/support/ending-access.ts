import type { Account, BilledService } from "./billed-service";
import type { Ask, Person } from "./service";

const DAY_MS = 86_400_000;

/** Sends a mutation. Returns its result. */
export async function mutate(ask: Ask, field: string, input: string, result = "__typename") {
  const { data, errors } = await ask(
    `mutation { ${field}(input: { ${input} }) { ${result} ... on Refusal { code } } }`,
  );
  expect(errors).toBeUndefined();
  return data[field];
}

/** A member of the account whose access to a workspace ends, and who is due for a warning. */
export async function memberWithEndingAccess({ service }: BilledService, { id, owner }: Account): Promise<Person> {
  const person = await service.person("Mia");
  const invited = `organizationId: "${id}", emails: ["${person.email}"], role: DEVELOPER`;
  await mutate(owner.ask, "inviteMembers", invited);
  const token = await service.tokenFor(person.email);
  await mutate(person.ask, "acceptInvitation", `token: "${token}"`);
  const { data } = await owner.ask(
    `{ organization(id: "${id}") { workspaces { nodes { id } } members { nodes { id user { id } } } } }`,
  );
  const { workspaces, members } = data.organization;
  const memberId = members.nodes.find(({ user }: { user: { id: string } }) => user.id === person.id).id;
  const grant = `workspaceId: "${workspaces.nodes[0].id}", expiresAt: "${new Date(Date.now() + 3 * DAY_MS).toISOString()}"`;
  await mutate(owner.ask, "grantWorkspaceAccess", `organizationId: "${id}", memberId: "${memberId}", ${grant}`);
  const { dataSource } = service.app.services.database;
  await dataSource.query("UPDATE workspace_assignment SET warning_due_at = now() WHERE warning_due_at IS NOT NULL");
  return person;
}
