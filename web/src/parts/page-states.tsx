import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { texts } from "../texts/en";
import { Button } from "./button";

export function Loading() {
  return (
    <p role="status" className="dim">
      {texts.loading}
    </p>
  );
}

/** What went wrong, the id by which the service's operators find it, and a way on. */
export function Failed({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const [first] = CombinedGraphQLErrors.is(error) ? error.errors : [];
  const id = first?.extensions?.requestId;
  const message = first?.message ?? (error instanceof Error ? error.message : String(error));
  return (
    <section role="alert" className="notice">
      <h2>{texts.failed}</h2>
      <p>{message}</p>
      {typeof id === "string" && <p className="dim">{texts.requestId(id)}</p>}
      <Button onPress={onRetry}>{texts.tryAgain}</Button>
    </section>
  );
}
