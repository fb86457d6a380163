import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { texts } from "../texts/en";
import { Button } from "./button";
import { CopyButton } from "./copy-button";
import { Wait } from "./problem";

/** The error, the id with which operators find it, and a button to try again. */
export function Failed({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const [first] = CombinedGraphQLErrors.is(error) ? error.errors : [];
  const { requestId: id, retryAfterSeconds: seconds } = first?.extensions ?? {};
  const message = first?.message ?? (error instanceof Error ? error.message : String(error));
  return (
    <section role="alert" className="notice">
      <h2>{texts.failed}</h2>
      <p>{message}</p>
      {typeof id === "string" && (
        <p className="dim">
          {texts.requestId(id)} <CopyButton label={texts.copyRequestId} text={id} />
        </p>
      )}
      {typeof seconds === "number" && <Wait key={`${message} ${seconds}`} seconds={seconds} />}
      <Button onPress={onRetry}>{texts.tryAgain}</Button>
    </section>
  );
}
