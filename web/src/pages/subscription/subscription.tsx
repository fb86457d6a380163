import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";

export function Subscription() {
  useTitle(texts.tabs.subscription);
  return <h1>{texts.tabs.subscription}</h1>;
}
