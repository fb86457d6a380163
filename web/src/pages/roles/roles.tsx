import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";

export function Roles() {
  useTitle(texts.tabs.roles);
  return <h1>{texts.tabs.roles}</h1>;
}
