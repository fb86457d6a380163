import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";

export function ReceivedInvitations() {
  useTitle(texts.receivedInvitations);
  return <h1>{texts.receivedInvitations}</h1>;
}
