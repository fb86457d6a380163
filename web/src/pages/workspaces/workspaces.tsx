import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";

export function Workspaces() {
  useTitle(texts.tabs.workspaces);
  return <h1>{texts.tabs.workspaces}</h1>;
}
