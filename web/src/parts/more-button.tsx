import { useRef, useState } from "react";
import { texts } from "../texts/en";
import { Button } from "./button";
import { Failed } from "./page-states";

interface Props {
  label: string;
  /** Whether the shown list is about to be replaced, for example by that of another search. */
  isOutdated?: boolean;
  onMore(): Promise<unknown>;
}

/** Reads the next page of a list below the shown ones. */
export function MoreButton({ label, isOutdated = false, onMore }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [error, setError] = useState<unknown>(null);
  const [isReading, setReading] = useState(false);
  const read = async () => {
    setReading(true);
    await onMore().then(() => setError(null), setError);
    setReading(false);
  };
  const tryAgain = () => {
    // The message disappears, and its button with the focus.
    button.current?.focus();
    void read();
  };
  return (
    <>
      {error !== null && !isOutdated && <Failed title={texts.pageFailed} error={error} onRetry={tryAgain} />}
      <Button ref={button} isPending={isReading || isOutdated} onPress={() => void read()}>
        {label}
      </Button>
    </>
  );
}
