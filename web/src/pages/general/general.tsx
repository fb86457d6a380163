import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";

export function General() {
  useTitle(texts.tabs.general);
  return <h1>{texts.tabs.general}</h1>;
}
