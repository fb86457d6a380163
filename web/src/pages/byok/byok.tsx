import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";

export function Byok() {
  useTitle(texts.tabs.byok);
  return <h1>{texts.tabs.byok}</h1>;
}
