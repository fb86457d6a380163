import { createHash } from "node:crypto";
import { commands } from "../../src/commands";
import { memberCommand } from "../../src/commands/runner/command";
import { sweepLeftovers } from "../../src/jobs/sweep";
import { RETENTION_MS, readResponse, readStoredResponse, storeResponse } from "../../src/store/idempotency";
import { type Actor, outcomeOf, World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

const callOf = (actor: Actor, key: string, request = "a request") => ({
  caller: `user:${actor.id}`,
  key,
  requestHash: createHash("sha256").update(request).digest(),
  operation: `fields:${request}`,
  fieldHash: request,
  field: "createOrganization",
});
const found = (actor: Actor, key: string, request?: string) =>
  actor.run(commands.createOrganization, { name: "Acme" }, callOf(actor, key, request));

test("a key is valid for 24 hours, deleted by the job or not, and can be used again afterwards", async () => {
  const actor = await world.person();
  const first = await found(actor, "k");
  world.clock.pass(RETENTION_MS - 1);
  await sweepLeftovers(world.replica());
  expect(await found(actor, "k")).toEqual(first);
  world.clock.pass(1);
  // Another request can use it, too.
  const second = await found(actor, "k", "another request");
  expect(second).not.toEqual(first);
  const { requestHash } = callOf(actor, "k", "another request");
  expect(await readStoredResponse(world.database, callOf(actor, "k"), world.clock.now())).toMatchObject({
    requestHash,
  });
  expect(await found(actor, "k", "another request")).toEqual(second);
  world.clock.pass(RETENTION_MS);
  await sweepLeftovers(world.replica());
  expect(await world.count("idempotent_answer")).toBe(0);
});

test("the whole responses under a key are stored once each, at most 30 of other requests, and end with the key", async () => {
  const actor = await world.person();
  const [first, other] = [callOf(actor, "whole"), callOf(actor, "whole", "a part of it")];
  const stored = async (call: typeof first) => await readResponse(world.database, call, world.clock.now());
  await found(actor, "whole");
  for (const call of [first, other]) {
    await storeResponse(world.database, call, call.fieldHash);
    await storeResponse(world.database, call, "a later response");
  }
  world.clock.pass(RETENTION_MS - 1);
  expect([await stored(first), await stored(other)]).toEqual(["a request", "a part of it"]);
  const more = Array.from({ length: 30 }, (_, n) => callOf(actor, "whole", `part ${n}`));
  for (const call of more) await storeResponse(world.database, call, call.fieldHash);
  expect([await stored(more[28] ?? first), await stored(more[29] ?? first)]).toEqual(["part 28", undefined]);
  world.clock.pass(1);
  expect([await stored(first), await stored(other)]).toEqual([undefined, undefined]);
  expect(await readStoredResponse(world.database, first, world.clock.now())).toBeUndefined();
  await found(actor, "whole", "another request");
  expect([await stored(first), await stored(other)]).toEqual([undefined, undefined]);
  expect(await stored(callOf(actor, "whole", "another request"))).toBeUndefined();
});

test("a denied request has no effect and does not use up its key", async () => {
  const [actor, acme] = [await world.person(), await world.organization()];
  const rename = (name: string, request: string) =>
    outcomeOf(
      actor.run(
        commands.updateOrganization,
        { organizationId: acme.id, name },
        { ...callOf(actor, "d", request), field: "u" },
      ),
    );
  expect(await rename("Mine", "rename")).toBe("NOT_FOUND");
  const invitationId = await acme.invite(actor.email, "ADMIN");
  await actor.run(commands.acceptInvitation, { invitationId });
  expect(await rename("Mine", "rename")).toBe("ok");
  expect(await rename("Yours", "rename otherwise")).toBe("IDEMPOTENCY_KEY_REUSED");
});

test("calls to other services have a key for each mutation under a key, the same when it is tried again", async () => {
  const { owner, id: organizationId } = await world.organization();
  const keys: string[] = [];
  const calling = memberCommand<{ organizationId: string }, never, undefined>({
    permission: null,
    prepare: async (_services, _membership, _input, idempotencyKey) => {
      keys.push(idempotencyKey);
    },
    run: () => Promise.reject(new Error("The process was killed.")),
  });
  const call = callOf(owner, "external");
  for (const patch of [{}, { field: "second" }, { fieldHash: "other arguments" }, {}]) {
    await expect(owner.run(calling, { organizationId }, { ...call, ...patch })).rejects.toThrow("killed");
  }
  expect(new Set(keys).size).toBe(3);
  expect(keys[3]).toBe(keys[0]);
});
