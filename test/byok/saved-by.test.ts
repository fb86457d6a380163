import { ByokWorld } from "../support/byok-world";
import { join } from "../support/live-organization";

let world: ByokWorld;
beforeAll(async () => {
  world = await ByokWorld.start();
});
afterAll(() => world.stop());

test("an Owner can see who saved the key, and the time of its next verification", async () => {
  const account = await world.configured();
  const second = await world.service.person("Second");
  await join(world.service, account.owner, account.id, "ADMIN", second);
  await world.sql("UPDATE member SET role = 'OWNER' WHERE user_id = $1", second.id);
  const read = async () => {
    const fields = "byokConfig { savedBy { id } nextVerificationAt }";
    return (await account.owner.ask(`{ organization(id: "${account.id}") { ${fields} } }`)).data.organization
      .byokConfig;
  };
  const next = expect.stringMatching(/T04:23:00\.000Z$/);
  expect(await read()).toEqual({ savedBy: { id: account.owner.id }, nextVerificationAt: next });
  await world.save({ owner: second, id: account.id }, world.aws.key());
  // Later events of this key, and events of other keys, do not change who saved it.
  expect(await world.change(account, "verifyByokConfig")).toBe("ok");
  await world.configured();
  expect(await read()).toEqual({ savedBy: { id: second.id }, nextVerificationAt: next });
  expect(await world.change(account, "setByokEnabled", ", enabled: false")).toBe("ok");
  expect(await read()).toEqual({ savedBy: { id: second.id }, nextVerificationAt: null });
});
