import { parse } from "graphql";
import type { RefusalData } from "../../src/domain/refusal";
import type { Viewer } from "../../src/domain/viewer";
import { rollingBack } from "../isolation/mutation-table";
import { type Json, run } from "../isolation/selections";
import type { Actor, World } from "./world";

/** An actor as the viewer of a request. */
export function personOf({ id, name, email, emailVerified }: Actor): Viewer {
  return { kind: "person", id, name, email, emailVerified };
}

/** The data that a viewer reads through the guard and without HTTP, and the code of the first error or null. */
export async function readAs(world: World, viewer: Viewer, text: string) {
  const { data, errors } = await run({ document: parse(text), context: world.context(viewer) });
  const denial = errors?.[0]?.originalError as { extensions?: { code: string } } | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
  return { data: data as any, code: errors ? (denial?.extensions?.code ?? errors[0]?.message) : null };
}

/** Every field of a refusal. */
export const REFUSAL = "code message path retryAfterSeconds limit { used limit remaining }";

/** The refusal of a viewer's mutation, or its error as a refusal; null for a success. The mutation is rolled back. */
export async function refusalBy(
  world: World,
  viewer: Viewer,
  mutation: string,
  input: string,
): Promise<RefusalData | null> {
  const document = parse(`mutation { ${mutation}(input: { ${input} }) { __typename ... on Refusal { ${REFUSAL} } } }`);
  const { data, errors } = await run({ document, context: world.context(viewer, rollingBack(world.database)) });
  const denial = errors?.[0]?.originalError as { extensions: { code: never; retryAfterSeconds?: number } } | undefined;
  if (denial) {
    const { code, retryAfterSeconds = null } = denial.extensions;
    return { code, message: errors?.[0]?.message ?? "", path: null, limit: null, retryAfterSeconds };
  }
  expect(errors).toBeUndefined();
  const { __typename, ...refusal } = (data?.[mutation] ?? {}) as Json;
  return __typename === "Refusal" ? (refusal as unknown as RefusalData) : null;
}
