import { commands } from "../../commands";
import { expireInvitations } from "../../commands/invitation/expire-invitations";
import { changeOrganization, runCommand } from "../../commands/runner/run";
import type { Services } from "../../commands/runner/unit-of-work";
import { signIn } from "../../commands/user/sign-in";
import type { WorkspaceGrantInput } from "../../commands/workspace/parse-workspace-grants";
import { INVITATION_LIFETIME_MS } from "../../domain/invitation";
import type { OrganizationRole } from "../../domain/role";
import type { Person, Service } from "../../domain/viewer";
import { wholeSecond } from "../../store/user";

const ORGANIZATION = "Northwind Robotics";
const FOUNDER = "demo-olivia";
const IDENTITY: Service = { kind: "service", name: "demo", scopes: new Set(["users:provision"]) };

/** Who joins, as what; the founder owns it. */
const PEOPLE: ReadonlyArray<[id: string, name: string, role: OrganizationRole]> = [
  ["demo-oscar", "Oscar Meyer", "ADMIN"],
  ["demo-ada", "Ada Okafor", "ADMIN"],
  ["demo-amir", "Amir Haddad", "ADMIN"],
  ["demo-dana", "Dana Kim", "DEVELOPER"],
  ["demo-diego", "Diego Ramos", "DEVELOPER"],
  ["demo-dilara", "Dilara Yıldız", "DEVELOPER"],
  ["demo-dominik", "Dominik Novák", "DEVELOPER"],
  ["demo-vera", "Vera Rossi", "VIEWER"],
  ["demo-victor", "Victor Lindqvist", "VIEWER"],
  ["demo-vivian", "Vivian Chen", "VIEWER"],
  ["demo-vikram", "Vikram Singh", "VIEWER"],
];

/**
 * One organization in use, made by the very commands that clients use, so that its log tells the story. Done once: by
 * the process that provisions the founder, of however many that start together.
 */
export async function seedDemo(services: Services): Promise<void> {
  const weekAgo = at(services, -INVITATION_LIFETIME_MS - 60_000);
  const told = { userId: FOUNDER, name: "Olivia Bennett", email: emailOf("Olivia Bennett"), emailVerified: true };
  const { created } = await runCommand(weekAgo, IDENTITY, commands.provisionUser, told);
  if (!created) return;
  const founder = await person(services, FOUNDER, told.name);
  const founding = { name: ORGANIZATION, description: "Warehouse robots, and the clouds they run on." };
  const { organizationId } = await runCommand(weekAgo, founder, commands.createOrganization, founding);
  await runCommand(weekAgo, founder, commands.changePlan, { organizationId, planCode: "ADVANCED" });
  const invite = (when: Services, emails: string[], role: OrganizationRole, workspaces: WorkspaceGrantInput[] = []) =>
    runCommand(when, founder, commands.inviteMembers, { organizationId, emails, role, workspaces });
  const workspace = (name: string, cloudProvider: "AWS" | "GCP") =>
    runCommand(weekAgo, founder, commands.createWorkspace, { organizationId, name, cloudProvider });
  const production = await workspace("Production", "AWS");
  const research = await workspace("Research", "GCP");
  const grants: WorkspaceGrantInput[] = [{ ...production }, { ...research, roleOverride: "DEVELOPER" }];
  for (const [id, name, role] of PEOPLE) {
    const invitee = await person(services, id, name);
    const asked = await invite(services, [emailOf(name)], role, role === "ADMIN" ? [] : grants);
    const [invitationId] = asked.invitationIds;
    await runCommand(services, invitee, commands.acceptInvitation, { invitationId });
  }
  await shape(services, founder, organizationId, production.workspaceId);
  await invite(weekAgo, ["late@northwind.example"], "VIEWER");
  await changeOrganization(services, organizationId, expireInvitations);
  await invite(services, ["nadia@northwind.example", "noah@northwind.example"], "DEVELOPER", grants);
}

/** A second Owner, and a Developer who is Admin of one workspace. */
async function shape(services: Services, founder: Person, organizationId: string, workspaceId: string): Promise<void> {
  const members = await membersOf(services, organizationId);
  const memberId = (userId: string) => members.get(userId) ?? "";
  const owner = { organizationId, memberId: memberId("demo-oscar"), role: "OWNER" } as const;
  await runCommand(services, founder, commands.changeMemberRole, owner);
  const lead = { organizationId, workspaceId, memberId: memberId("demo-dana"), roleOverride: "ADMIN" } as const;
  await runCommand(services, founder, commands.grantWorkspaceAccess, lead);
}

async function membersOf({ database }: Services, organizationId: string): Promise<Map<string, string>> {
  const statement = { name: "demo-members", text: "SELECT id, user_id FROM member WHERE organization_id = $1" };
  const rows = await database.rows<{ id: string; user_id: string }>(statement, [organizationId]);
  return new Map(rows.map((row) => [row.user_id, row.id]));
}

function person(services: Services, id: string, name: string): Promise<Person> {
  const identity = {
    id,
    name,
    email: emailOf(name),
    emailVerified: true,
    identityAt: wholeSecond(services.clock.now()),
  };
  return signIn(services, identity);
}

function emailOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ı", "i").toLowerCase();
  return `${plain.replaceAll(" ", ".")}@northwind.example`;
}

function at(services: Services, offset: number): Services {
  return { ...services, clock: { now: () => new Date(services.clock.now().getTime() + offset) } };
}
