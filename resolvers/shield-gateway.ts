import type { Context } from "../src/context";
import { Denied, forbidden } from "../src/domain/denial";
import { references } from "./references";

/** How many representations one `_entities` request may have. */
export const MAX_REPRESENTATIONS = 1_000;

/** Throws FORBIDDEN unless the request comes from the federation gateway. */
export function assertFromGateway({ fromGateway }: Context): void {
  if (!fromGateway)
    throw forbidden("Only the gateway may request this. If you are the gateway, send 'Gateway-Secret'.");
}

/** Throws BAD_USER_INPUT for too many representations, or for a type that is no entity of this subgraph. */
export function assertRepresentations(representations: readonly unknown[]): void {
  if (representations.length > MAX_REPRESENTATIONS) {
    throw new Denied("BAD_USER_INPUT", `Send at most ${MAX_REPRESENTATIONS} representations at a time.`);
  }
  const unknown = representations.findIndex((representation) => {
    const type = (representation as { __typename?: unknown } | null)?.__typename;
    return typeof type !== "string" || !Object.hasOwn(references, type);
  });
  if (unknown >= 0)
    throw new Denied(
      "BAD_USER_INPUT",
      `Representation ${unknown} has a '__typename' that is not an entity of this subgraph.`,
    );
}
