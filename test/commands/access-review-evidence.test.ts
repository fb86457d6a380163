import { createHash } from "node:crypto";
import { commands } from "../../src/commands";
import { evidenceCsv, evidenceJson } from "../../src/domain/access-evidence";
import { completionEvent } from "../../src/store/events/completion-event";
import { hashOf } from "../../src/store/events/event-log";
import {
  accessReviewItemPages,
  accessReviewItemTotals,
  evidenceItems,
  visibleAccessReviewItems,
} from "../../src/store/views/access-review-items";
import { visibleAccessReviews } from "../../src/store/views/access-reviews";
import { OpenReview } from "../support/access-review";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

test("the log has the hashes of both exports, and its own hash can be computed from the JSON export", async () => {
  const acme = await world.organization();
  const viewer = await acme.member("VIEWER", [await acme.workspace("Alpha")]);
  // Nobody decides on this member, so the completer's decision counts.
  await acme.member("DEVELOPER");
  const review = await OpenReview.start(acme);
  await review.decide(acme.owner, viewer, { decision: "CHANGE", newGrants: [], note: '=1+1, "quoted"' });
  await review.complete(acme.owner, "KEEP");
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const visibility = { userId: acme.owner.id, all: false };
  const [view] = await visibleAccessReviews(world.database, visibility, [review.id]);
  if (!view) throw new Error("The review is not visible.");
  const items = await evidenceItems(world.database, view);
  const event = await completionEvent(world.database, view);
  if (!event) throw new Error("The log has no completion.");
  expect(event.data.after).toEqual({
    ...{
      status: "COMPLETED",
      csvSha256: sha256(evidenceCsv(view, items)),
      jsonSha256: sha256(evidenceJson(view, items)),
    },
  });
  const previous = event.previousHash === null ? null : Buffer.from(event.previousHash, "hex");
  expect(hashOf(event, previous).toString("hex")).toBe(event.hash);
  expect(view.evidenceHash).toBe(event.hash);
  const [head] = await world.query("SELECT encode(event_hash, 'hex') AS h FROM organization WHERE id = $1", acme.id);
  expect(head).toEqual({ h: event.hash });
  const later = await OpenReview.start(acme);
  await later.complete(acme.owner, "KEEP");
  const hashes = (await visibleAccessReviews(world.database, visibility, [review.id, later.id])).map(
    ({ id, evidenceHash }) => [id, evidenceHash],
  );
  expect(Object.fromEntries(hashes)).toEqual({
    [review.id]: event.hash,
    [later.id]: (await completionEvent(world.database, { organizationId: acme.id, id: later.id }))?.hash,
  });
  // Later changes of members and names do not change the evidence.
  await acme.owner.run(commands.removeMember, { organizationId: acme.id, memberId: viewer.memberId });
  await world.query("UPDATE user_account SET name = 'Renamed' WHERE id = $1", viewer.id);
  expect(await evidenceItems(world.database, view)).toEqual(items);
});

test("the members in a review of a deleted organization are not visible, not even to somebody who has their ids", async () => {
  const acme = await world.organization();
  const review = await OpenReview.start(acme);
  const { database } = world;
  const visibility = { userId: acme.owner.id, all: false };
  const page = { limit: 10, after: null };
  const seen = async () => [
    (await accessReviewItemPages(database, visibility, [review.id], { undecided: false, order: "JOINED" }, page))
      .length,
    (await accessReviewItemTotals(database, visibility, [review.id], false)).length,
    (await visibleAccessReviewItems(database, visibility, [review.id], [review.itemOf(acme.owner)])).length,
  ];
  expect(await seen()).toEqual([1, 1, 1]);
  await acme.owner.run(commands.deleteOrganization, { organizationId: acme.id, confirmName: "Acme" });
  expect(await seen()).toEqual([0, 0, 0]);
});
