import type { Person, RunningService } from "./service";

/** An organization on a plan with many seats. */
export async function organization(owner: Pick<Person, "ask">): Promise<string> {
  const { data } = await owner.ask(
    `mutation { createOrganization(input: { name: "Acme" }) { ... on CreateOrganizationSuccess { organization { id } } } }`,
  );
  const { id } = data.createOrganization.organization;
  await owner.ask(`mutation { changePlan(input: { organizationId: "${id}", planCode: "ADVANCED" }) { __typename } }`);
  return id;
}

/** Invites one address. Returns the invitation's id. */
export async function invite(owner: Person, id: string, email: string, role = "DEVELOPER"): Promise<string> {
  const { data } = await owner.ask(
    `mutation($email: String!) { inviteMembers(input: { organizationId: "${id}", emails: [$email], role: ${role} }) {
      ... on InviteMembersSuccess { invitations { id } } } }`,
    { email },
  );
  return data.inviteMembers.invitations[0].id;
}

/** Invites a person, who accepts. */
export async function join(
  service: RunningService,
  owner: Person,
  id: string,
  role = "DEVELOPER",
  person?: Person,
): Promise<Person & { memberId: string }> {
  const joining = person ?? (await service.person("Joined"));
  const invitationId = await invite(owner, id, joining.email, role);
  const { data } = await joining.ask(
    `mutation { acceptInvitation(input: { invitationId: "${invitationId}" }) { ... on AcceptInvitationSuccess { member { id } } } }`,
  );
  return { ...joining, memberId: data.acceptInvitation.member.id };
}
