import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { texts } from "../texts/en";
import { Button } from "./button";
import { CopyButton } from "./copy-button";
import { Wait } from "./problem";

interface Props {
  title?: string;
  error: unknown;
  /** Its failure is the view's next error. */
  onRetry(): unknown;
}

/** The error, the id with which operators find it, and a button to try again. */
export function Failed({ title = texts.failed, error, onRetry }: Props) {
  const [first] = CombinedGraphQLErrors.is(error) ? error.errors : [];
  const { requestId: id, retryAfterSeconds: seconds } = first?.extensions ?? {};
  const message = first?.message ?? (error instanceof Error ? error.message : String(error));
  return (
    <section role="alert" className="notice">
      <h2>{title}</h2>
      <p>{message}</p>
      {typeof id === "string" && (
        <p className="dim">
          {texts.requestId(id)} <CopyButton label={texts.copyRequestId} text={id} />
        </p>
      )}
      {typeof seconds === "number" && <Wait key={`${message} ${seconds}`} seconds={seconds} />}
      <Button onPress={() => void Promise.resolve(onRetry()).catch(() => undefined)}>{texts.tryAgain}</Button>
    </section>
  );
}
