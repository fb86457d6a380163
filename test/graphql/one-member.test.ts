import { parse } from "graphql";
import { commands } from "../../src/commands";
import type { RefusalData } from "../../src/domain/refusal";
import type { Viewer } from "../../src/domain/viewer";
import { run } from "../isolation/selections";
import { personOf, REFUSAL, readAs, refusalBy } from "../support/read-as";
import { type TestOrganization, World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const become = (acme: TestOrganization, change: string) =>
  world.query(`UPDATE organization_subscription SET ${change} WHERE organization_id = $1`, acme.id);

test("a member is found by id in their own organization only", async () => {
  const [acme, other] = [await world.organization(), await world.organization()];
  const dana = await acme.member("VIEWER");
  const find = async ({ id }: TestOrganization, memberId: string, viewer = personOf(dana)) =>
    (await readAs(world, viewer, `{ organization(id: "${id}") { member(id: "${memberId}") { role } } }`)).data;
  expect(await find(acme, dana.memberId)).toEqual({ organization: { member: { role: "VIEWER" } } });
  expect(await find(acme, "nobody")).toEqual({ organization: { member: null } });
  expect(await find(other, dana.memberId, personOf(other.owner))).toEqual({ organization: { member: null } });
});

interface Removal {
  subjectId: string;
  reinstatementRefusal: RefusalData | null;
}

/** Compares what the log says of removed members with reinstateMember. Returns the codes, the newest removal first. */
async function compareRemovals(viewer: Viewer, { id }: TestOrganization): Promise<string[]> {
  const removals = parse(`query ($id: ID!) { organization(id: $id) {
    auditLog(types: ["member.removed"]) { nodes { subjectId reinstatementRefusal { ${REFUSAL} } } } } }`);
  const { data } = await run({ document: removals, variables: { id }, context: world.context(viewer) });
  const { auditLog } = (data as { organization: { auditLog: { nodes: Removal[] } } }).organization;
  const { nodes } = auditLog;
  for (const { subjectId, reinstatementRefusal } of nodes) {
    const input = `organizationId: "${id}", memberId: "${subjectId}"`;
    expect(reinstatementRefusal).toEqual(await refusalBy(world, viewer, "reinstateMember", input));
  }
  return nodes.map(({ reinstatementRefusal }) => reinstatementRefusal?.code ?? "allowed");
}

test("the log says of every removed member why they cannot be reinstated, as the mutation does", async () => {
  const acme = await world.organization();
  const [admin, owner] = [personOf(await acme.member("ADMIN")), personOf(acme.owner)];
  const target = { organizationId: acme.id };
  const people: Array<Awaited<ReturnType<TestOrganization["member"]>>> = [];
  for (const role of ["VIEWER", "VIEWER", "VIEWER", "OWNER", "DEVELOPER"] as const)
    people.push(await acme.member(role));
  for (const { memberId } of people) await acme.owner.run(commands.removeMember, { ...target, memberId });
  const codes = async () => [await compareRemovals(admin, acme), await compareRemovals(owner, acme)];
  const [reinstated, joined, left, , invited] = people;
  await acme.invite(invited?.email ?? "", "VIEWER");
  await become(acme, "plan_code = 'STANDARD'");
  const full = Array.from({ length: 4 }, () => "MEMBER_LIMIT_REACHED");
  expect(await codes()).toEqual([
    ["allowed", "ROLE_TOO_HIGH", ...full.slice(1)],
    ["allowed", ...full],
  ]);
  await become(acme, "plan_code = 'ADVANCED'");
  await acme.owner.run(commands.reinstateMember, { ...target, memberId: reinstated?.memberId ?? "" });
  for (const person of [joined, left]) {
    await person?.run(commands.acceptInvitation, { invitationId: await acme.invite(person.email, "VIEWER") });
  }
  await left?.run(commands.leaveOrganization, target);
  const gone = ["NOT_REINSTATABLE", "NOT_REINSTATABLE", "NOT_REINSTATABLE"];
  expect(await codes()).toEqual([
    ["allowed", "ROLE_TOO_HIGH", ...gone],
    ["allowed", "allowed", ...gone],
  ]);
  await become(acme, "status = 'PAST_DUE'");
  expect((await codes())[1]).toEqual(["PAYMENT_REQUIRED", "PAYMENT_REQUIRED", ...gone]);
});
