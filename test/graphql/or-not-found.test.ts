import { orNotFound } from "../../resolvers/or-not-found";

test.each([null, undefined])("%s for a deleted object is NOT_FOUND", async (value) => {
  await expect(orNotFound(Promise.resolve(value), "workspace")).rejects.toMatchObject({
    extensions: { code: "NOT_FOUND" },
    message: expect.stringMatching(/no such workspace/),
  });
});

test("any other value is returned", async () => {
  expect(await orNotFound(Promise.resolve(0), "workspace")).toBe(0);
});
