import { ApolloLink } from "@apollo/client";
import { ServerError } from "@apollo/client/errors";
import { SetContextLink } from "@apollo/client/link/context";
import { RetryLink } from "@apollo/client/link/retry";
import { OperationTypeNode } from "graphql";

/** Where the bearer token comes from. */
export type Token = () => string | null | Promise<string | null>;

/** Adds the bearer token. It is requested for each operation, because tokens expire. */
export function authLink(token: Token): ApolloLink {
  return new SetContextLink(async ({ headers }) => {
    const bearer = await token();
    return { headers: { ...headers, ...(bearer && { authorization: `Bearer ${bearer}` }) } };
  });
}

/** Adds one idempotency key per mutation. Retries reuse it, so the mutation takes effect once. */
export function idempotencyLink(): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (operation.operationType === OperationTypeNode.MUTATION) {
      const key = crypto.randomUUID();
      operation.setContext(({ headers }: { headers?: object }) => ({
        headers: { "idempotency-key": key, ...headers },
      }));
    }
    return forward(operation);
  });
}

/** Retries after network failures and HTTP 5xx, not after GraphQL errors. */
export function retryLink(): ApolloLink {
  const retryIf = (error: unknown) => !ServerError.is(error) || error.statusCode >= 500;
  return new RetryLink({ delay: { initial: 200, jitter: true }, attempts: { max: 5, retryIf } });
}

/** Sends subscriptions to `live` and all other operations to `others`. */
export function splitLive(live: ApolloLink, others: ApolloLink): ApolloLink {
  return ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, live, others);
}
