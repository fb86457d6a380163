import type { Tokens } from "../../web/src/graph/tokens";

/** A client's tokens without a provider: always the same token. */
export function onlyToken(token: string): Tokens {
  return { current: () => token, renew: async () => null };
}
