import { commands } from "../../src/commands";
import type { WorkspaceRole } from "../../src/domain/role";
import { itemsOf, OpenReview } from "../support/access-review";
import { personOf, readAs } from "../support/read-as";
import { type TestOrganization, World } from "../support/world";

let world: World;
let acme: TestOrganization;
beforeAll(async () => {
  world = await World.create();
  acme = await world.organization();
});
afterAll(() => world.close());

test("members with findings come first, and each group in the order in which they joined, page by page", async () => {
  const [alpha, beta] = [await acme.workspace("Alpha"), await acme.workspace("Beta")];
  const later = new Date(world.clock.now().getTime() + 1_000);
  const grant = async (role: "DEVELOPER" | "VIEWER", roleOverride: WorkspaceRole | null, expiresAt: Date | null) => {
    const member = await acme.member(role, [beta]);
    const input = { organizationId: acme.id, workspaceId: alpha, memberId: member.memberId, roleOverride, expiresAt };
    await acme.owner.run(commands.grantWorkspaceAccess, input);
    return member;
  };
  const unused = async (milliseconds: number, column: "joined_at" | "last_seen_at") => {
    const member = await acme.member("ADMIN");
    const since = new Date(world.clock.now().getTime() - milliseconds);
    const change = column === "joined_at" ? "joined_at = $2, last_seen_at = NULL" : "last_seen_at = $2";
    await world.query(`UPDATE member SET ${change} WHERE id = $1`, member.memberId, since);
    return member;
  };
  const DAYS_90 = 90 * 86_400_000;
  const plain = await acme.member("VIEWER", [alpha]);
  const found = [
    await acme.member("DEVELOPER"),
    await acme.member("VIEWER"),
    await grant("DEVELOPER", "DEVELOPER", null),
    await grant("VIEWER", "VIEWER", null),
    await grant("DEVELOPER", "ADMIN", later),
    await grant("VIEWER", "DEVELOPER", later),
    await unused(DAYS_90, "joined_at"),
    await unused(DAYS_90, "last_seen_at"),
  ];
  const others = [
    plain,
    await grant("DEVELOPER", "DEVELOPER", later),
    await grant("DEVELOPER", "VIEWER", later),
    await grant("VIEWER", "VIEWER", later),
    await grant("VIEWER", null, null),
    await unused(DAYS_90 - 1, "joined_at"),
    await unused(DAYS_90 - 1, "last_seen_at"),
  ];
  // An Admin's old override has no effect.
  const raised = await grant("DEVELOPER", "ADMIN", null);
  const role = { organizationId: acme.id, memberId: raised.memberId, role: "ADMIN" as const };
  await acme.owner.run(commands.changeMemberRole, role);
  others.push(raised, await acme.member("OWNER"));
  const third = await acme.member("OWNER");
  await world.query("UPDATE member SET joined_at = joined_at + interval '1 millisecond' WHERE id = $1", third.memberId);
  found.push(third);
  const review = await OpenReview.start(acme);
  const read = async (args: string) => {
    const items = `items(orderBy: FINDINGS, ${args}) { totalCount pageInfo { hasNextPage endCursor } nodes { id findings } }`;
    const text = `{ organization(id: "${acme.id}") { accessReviews(first: 1) { nodes { ${items} } } } }`;
    const { data, code } = await readAs(world, personOf(acme.owner), text);
    expect(code).toBeNull();
    return data.organization.accessReviews.nodes[0].items;
  };
  const all = await read("first: 100");
  const ids: string[] = all.nodes.map(({ id }: { id: string }) => id);
  const withFindings = all.nodes.filter(({ findings }: { findings: string[] }) => findings.length > 0);
  expect(withFindings).toHaveLength(found.length);
  expect(ids.slice(0, withFindings.length).sort()).toEqual(found.map((each) => review.itemOf(each)).sort());
  for (const each of others) expect(ids.indexOf(review.itemOf(each))).toBeGreaterThanOrEqual(found.length);
  const positions = new Map((await itemsOf(world, review.id)).map(({ id, position }) => [id, Number(position)]));
  const inOrder = (part: string[]) => part.map((id) => positions.get(id) ?? 0);
  for (const part of [ids.slice(0, found.length), ids.slice(found.length)])
    expect(inOrder(part)).toEqual([...inOrder(part)].sort((first, second) => first - second));
  const paged: string[] = [];
  for (let after = ""; ; ) {
    const page = await read(`first: 4${after}`);
    paged.push(...page.nodes.map(({ id }: { id: string }) => id));
    if (!page.pageInfo.hasNextPage) break;
    after = `, after: "${page.pageInfo.endCursor}"`;
  }
  expect(paged).toEqual(ids);
  await review.decide(acme.owner, found[0] ?? plain, { decision: "KEEP" });
  const undecided = await read("first: 100, undecided: true");
  expect(undecided.nodes.map(({ id }: { id: string }) => id)).toEqual(
    ids.filter((id) => id !== review.itemOf(found[0] ?? plain)),
  );
});
