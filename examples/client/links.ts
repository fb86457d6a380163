import { ApolloLink } from "@apollo/client";
import { ServerError } from "@apollo/client/errors";
import { SetContextLink } from "@apollo/client/link/context";
import { RetryLink } from "@apollo/client/link/retry";
import { OperationTypeNode } from "graphql";

/** Where the bearer token comes from. */
export type Token = () => string | null | Promise<string | null>;

/** Sends the token of the moment: it is asked for with every request, because tokens expire. */
export function authLink(token: Token): ApolloLink {
  return new SetContextLink(async ({ headers }) => {
    const bearer = await token();
    return { headers: { ...headers, ...(bearer && { authorization: `Bearer ${bearer}` }) } };
  });
}

/** One key for each mutation, made before it is tried and kept over its retries: they have one effect. */
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

/** Tries again what got no answer, or none but a server's trouble; an answer with errors is one. */
export function retryLink(): ApolloLink {
  const retryIf = (error: unknown) => !ServerError.is(error) || error.statusCode >= 500;
  return new RetryLink({ delay: { initial: 200, jitter: true }, attempts: { max: 5, retryIf } });
}

/** Subscriptions go one way, everything else the other. */
export function splitLive(live: ApolloLink, others: ApolloLink): ApolloLink {
  return ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, live, others);
}
