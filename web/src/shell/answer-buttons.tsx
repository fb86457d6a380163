import { Button } from "../parts/button";
import { texts } from "../texts/en";
import type { ReceivedAnswers } from "./use-received-answers";

interface Props {
  organizationName: string;
  answers: ReceivedAnswers;
}

/** The buttons that accept and decline a received invitation. */
export function AnswerButtons({ organizationName, answers: { accept, decline, isSending } }: Props) {
  return (
    <>
      <Button
        variant="main"
        aria-label={texts.selectorPage.acceptFor(organizationName)}
        isPending={isSending}
        onPress={accept}
      >
        {texts.accept}
      </Button>
      <Button aria-label={texts.selectorPage.declineFor(organizationName)} isPending={isSending} onPress={decline}>
        {texts.decline}
      </Button>
    </>
  );
}
