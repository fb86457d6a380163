import { randomBytes, randomUUID } from "node:crypto";
import { parse, validate } from "graphql";
import { linkKey, newLink } from "../../src/commands/invitation/link";
import type { Viewer } from "../../src/domain/viewer";
import { World } from "../support/world";
import { type Actors, createFixtures, type Target } from "./actors";
import { type Json, run, schema } from "./selections";

// Root fields without an entity's id, for every viewer.
let world: World;
let actors: Actors;
let target: Target;
let deleted: Target;
beforeAll(async () => {
  world = await World.create();
  ({ actors, target, deleted } = await createFixtures(world));
});
afterAll(() => world.close());

async function ask(viewer: Viewer, text: string) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const context = world.context(viewer);
  const result = await run({ document, context });
  const denial = result.errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
  const code = result.errors ? (denial?.extensions?.code ?? result.errors[0]?.message ?? "?") : null;
  return { data: result.data as Json | null, code, context, stream: context.started.stream };
}

/** The expected refusal to accept the target's invitation, by the product's rules. */
function refusalToAccept(viewer: Viewer): { code: string } | null {
  if (viewer.kind !== "person") return null;
  if (viewer.email !== target.invitedAddress) return { code: "INVITATION_EMAIL_MISMATCH" };
  return viewer.emailVerified ? null : { code: "EMAIL_NOT_VERIFIED" };
}

/** A link to an invitation. */
async function linkTo(invitationId: string): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await world.query(
    `INSERT INTO invitation_token (organization_id, token_hash, invitation_id)
     SELECT organization_id, sha256($1::bytea), id FROM invitation WHERE id = $2`,
    ...[Buffer.from(token), invitationId],
  );
  return token;
}

test("the preview of a link shows the address only to the invited person; plans are public", async () => {
  const token = await linkTo(target.invitationId);
  for (const [who, viewer] of Object.entries(actors)) {
    const selection = "{ email status workspaceNames refusal { code } }";
    const { data } = await ask(viewer, `{ invitation(token: "${token}") ${selection} plans { code } }`);
    const shown = data?.invitation as { email: string } | null;
    const isTheirs = viewer.kind === "person" && viewer.email === target.invitedAddress;
    expect([who, shown?.email === target.invitedAddress]).toEqual([who, isTheirs]);
    // One of its workspaces has been deleted since.
    const refusal = refusalToAccept(viewer);
    expect([who, shown]).toMatchObject([who, { status: "PENDING", workspaceNames: ["Alpha"], refusal }]);
    expect(data?.plans).toHaveLength(4);
  }
});

test.each(["declined", "canceled", "expired"])(
  "the preview of a link to an invitation that is %s says so to every viewer",
  async (how) => {
    const status = how.toUpperCase();
    const rows = await world.query<{ id: string }>(
      "SELECT id FROM invitation WHERE email = $1 AND (status = $2 OR (status = 'PENDING' AND $2 = 'EXPIRED' AND expires_at <= $3))",
      ...[target.invitedAddress, status, world.clock.now()],
    );
    const token = await linkTo(rows[0]?.id ?? "");
    const refusal = { code: how === "expired" ? "INVITATION_EXPIRED" : "INVITATION_NOT_PENDING" };
    for (const [who, viewer] of Object.entries(actors)) {
      const { data } = await ask(viewer, `{ invitation(token: "${token}") { status refusal { code } } }`);
      expect([who, data?.invitation]).toEqual([who, { status, refusal }]);
    }
  },
);

test("a link to an invitation of a deleted organization is unknown to every viewer", async () => {
  const token = await linkTo(deleted.invitationId);
  for (const [who, viewer] of Object.entries(actors)) {
    const { data, code } = await ask(viewer, `{ invitation(token: "${token}") { organizationName } }`);
    expect([who, data?.invitation, code]).toEqual([who, null, null]);
  }
});

test("the token of a link names its organization, beside a secret; one of an earlier version names none", () => {
  const id = randomUUID();
  const tokens = Array.from({ length: 2 }, () => {
    const { link, hash } = newLink("https://app.example.com", id);
    const token = link.slice("https://app.example.com/invitations/".length);
    expect(linkKey(token)).toEqual({ hash, organizationId: id });
    return Buffer.from(token, "base64url");
  });
  const [one, other] = tokens.map((token) => token.subarray(16));
  expect(one).toHaveLength(32);
  expect(one).not.toEqual(other);
  expect(linkKey(randomBytes(32).toString("base64url")).organizationId).toBeNull();
});
