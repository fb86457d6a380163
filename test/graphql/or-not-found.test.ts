import { type GraphQLResolveInfo, type GraphQLUnionType, isNonNullType, isObjectType } from "graphql";
import { orNotFound } from "../../resolvers/or-not-found";
import { guardedSchema } from "../../src/server/graphql/schema";

test.each([null, undefined])("%s for a deleted object is NOT_FOUND", async (value) => {
  await expect(orNotFound(Promise.resolve(value), "workspace")).rejects.toMatchObject({
    extensions: { code: "NOT_FOUND" },
    message: expect.stringMatching(/no such workspace/),
  });
});

test("any other value is returned", async () => {
  expect(await orNotFound(Promise.resolve(0), "workspace")).toBe(0);
});

test("a required object that no loader finds any more is NOT_FOUND, in every field", async () => {
  const schema = guardedSchema();
  const entities = new Set<unknown>((schema.getType("_Entity") as GraphQLUnionType).getTypes());
  const loaders = new Proxy({}, { get: () => ({ load: async () => null }) });
  const roots: unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const codes: Record<string, unknown> = {};
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    if (roots.includes(type)) continue;
    for (const { name, type: result, resolve } of Object.values(type.getFields())) {
      if (!resolve || !isNonNullType(result) || !entities.has(result.ofType)) continue;
      const found = async () => resolve({}, {}, { loaders }, {} as GraphQLResolveInfo);
      codes[`${type.name}.${name}`] = await found().catch(({ extensions }) => extensions.code);
    }
  }
  expect(Object.keys(codes)).toContain("WorkspaceUsage.workspace");
  expect(new Set(Object.values(codes))).toEqual(new Set(["NOT_FOUND"]));
});
