import { commands } from "../../commands";
import { expireInvitations } from "../../commands/invitation/expire-invitations";
import { changeOrganization, runCommand } from "../../commands/runner/run";
import type { Services } from "../../commands/runner/unit-of-work";
import { renewSubscription } from "../../commands/subscription/renew-subscription";
import { signIn } from "../../commands/user/sign-in";
import type { WorkspaceGrantInput } from "../../commands/workspace/parse-workspace-grants";
import { INVITATION_LIFETIME_MS } from "../../domain/invitation";
import { storedPlan } from "../../domain/plan";
import type { OrganizationRole } from "../../domain/role";
import type { Person, Service } from "../../domain/viewer";
import { MailRejected } from "../../integrations/mail/mailer";
import { sendInvitation } from "../../jobs/send-invitation";
import type { Statement } from "../../store/engine/statement";
import { wholeSecond } from "../../store/user";
import { demoUsage } from "./demo-usage";
import { seedReview } from "./seed-review";

const ORGANIZATION = "Northwind Robotics";
const FOUNDER = "demo-olivia";
const IDENTITY: Service = { kind: "service", name: "demo", scopes: new Set(["users:provision"]) };
const METER: Service = { kind: "service", name: "demo", scopes: new Set(["usage:write"]) };
const DAY_MS = 24 * 60 * 60 * 1000;
/** With this age the current period is two thirds over in every month, and the credits run out before it ends. */
const AGE_DAYS = 50;

/** The people who join, with their roles. The founder is an Owner. */
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
 * Creates two organizations in use, by the commands that clients use, with a clock in the past so that their logs have
 * a history. Runs once: if several processes start together, the one that provisions the founder does it.
 */
export async function seedDemo(withIntegrations: Services): Promise<void> {
  // The demo has manual billing.
  const integrations = { ...withIntegrations.integrations, billing: null };
  const services = { ...withIntegrations, integrations };
  const founding = at(services, -AGE_DAYS * DAY_MS);
  const told = { userId: FOUNDER, name: "Olivia Bennett", email: emailOf("Olivia Bennett"), emailVerified: true };
  const { created } = await runCommand(founding, IDENTITY, commands.provisionUser, told);
  if (!created) return;
  const founder = await person(services, FOUNDER, told.name);
  const { organizationId, grants } = await found(founding, services, founder);
  await invite(services, founder, organizationId);
  await recordUsage(services, organizationId, founding.clock.now());
  await changeOrganization(services, organizationId, renewSubscription);
  const workspaceId = grants[0]?.workspaceId ?? "";
  await shape(services, founder, organizationId, workspaceId);
  await seedReview(at(services, -2 * DAY_MS), founder, organizationId);
  const open = { emails: ["nadia@northwind.example", "noah@northwind.example"], role: "DEVELOPER" as const };
  await runCommand(services, founder, commands.inviteMembers, { organizationId, ...open, workspaces: grants });
  await seedDowngrade(services, founder);
}

/** Creates the organization with its workspaces and members. */
async function found(founding: Services, services: Services, founder: Person) {
  const details = { name: ORGANIZATION, description: "Warehouse robots, and the clouds they run on." };
  const { organizationId } = await runCommand(founding, founder, commands.createOrganization, details);
  await runCommand(founding, founder, commands.changePlan, { organizationId, planCode: "ADVANCED" });
  const workspace = (name: string, cloudProvider: "AWS" | "GCP") =>
    runCommand(founding, founder, commands.createWorkspace, { organizationId, name, cloudProvider });
  const production = await workspace("Production", "AWS");
  const research = await workspace("Research", "GCP");
  const grants: WorkspaceGrantInput[] = [{ ...production }, { ...research, roleOverride: "DEVELOPER" }];
  const joining = at(services, -(AGE_DAYS - 1) * DAY_MS);
  for (const [id, name, role] of PEOPLE) {
    const invitee = await person(services, id, name);
    const workspaces = role === "ADMIN" ? [] : grants;
    const input = { organizationId, emails: [emailOf(name)], role, workspaces };
    const { invitationIds } = await runCommand(joining, founder, commands.inviteMembers, input);
    await runCommand(joining, invitee, commands.acceptInvitation, { invitationId: invitationIds[0] });
  }
  return { organizationId, grants };
}

/** Creates an invitation that nobody answered, and one whose mail could not be delivered. */
async function invite(services: Services, founder: Person, organizationId: string): Promise<void> {
  const send = (when: Services, email: string) =>
    runCommand(when, founder, commands.inviteMembers, { organizationId, emails: [email], role: "VIEWER" });
  await send(at(services, -INVITATION_LIFETIME_MS - 60_000), "late@northwind.example");
  await changeOrganization(services, organizationId, expireInvitations);
  const yesterday = at(services, -DAY_MS);
  const { invitationIds } = await send(yesterday, "misspelled@northwind.example");
  const mailer = {
    send: () => Promise.reject(new MailRejected("There is no such mailbox.")),
    close: async () => undefined,
  };
  const undelivered = { ...yesterday, integrations: { ...services.integrations, mailer } };
  const payload = { organizationId, invitationId: invitationIds[0] ?? "", sendNumber: 1 };
  await sendInvitation(undelivered, payload, true);
}

const WORKSPACES: Statement = {
  name: "demo-workspaces",
  text: "SELECT id FROM workspace WHERE organization_id = $1 ORDER BY is_default, created_at, id",
};

/** Records a month of calls in three workspaces. */
async function recordUsage(services: Services, organizationId: string, startedAt: Date): Promise<void> {
  const rows = await services.database.rows<{ id: string }>(WORKSPACES, [organizationId]);
  const workspaceIds = rows.map(({ id }) => id);
  const records = demoUsage(workspaceIds, storedPlan("ADVANCED"), startedAt, services.clock.now());
  await runCommand(services, METER, commands.recordUsage, { records });
}

/** Adds a second Owner, a Developer who is Admin of one workspace, and a Viewer whose access ends in ten days. */
async function shape(services: Services, founder: Person, organizationId: string, workspaceId: string): Promise<void> {
  const earlier = at(services, -30 * DAY_MS);
  const members = await membersOf(services, organizationId);
  const memberId = (userId: string) => members.get(userId) ?? "";
  const owner = { organizationId, memberId: memberId("demo-oscar"), role: "OWNER" } as const;
  await runCommand(earlier, founder, commands.changeMemberRole, owner);
  const lead = { organizationId, workspaceId, memberId: memberId("demo-dana"), roleOverride: "ADMIN" } as const;
  await runCommand(earlier, founder, commands.grantWorkspaceAccess, lead);
  const expiresAt = new Date(services.clock.now().getTime() + 10 * DAY_MS);
  const guest = { organizationId, workspaceId, memberId: memberId("demo-victor"), expiresAt };
  await runCommand(earlier, founder, commands.grantWorkspaceAccess, guest);
}

/** Creates a second organization, which changes to a smaller plan when its period ends. */
async function seedDowngrade(services: Services, founder: Person): Promise<void> {
  const founding = at(services, -10 * DAY_MS);
  const details = { name: "Northwind Labs", description: "Experiments that may fail." };
  const { organizationId } = await runCommand(founding, founder, commands.createOrganization, details);
  await runCommand(founding, founder, commands.changePlan, { organizationId, planCode: "ADVANCED" });
  const yesterday = at(services, -DAY_MS);
  await runCommand(yesterday, founder, commands.changePlan, { organizationId, planCode: "STANDARD" });
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
