import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";

export function Account() {
  useTitle(texts.account);
  return <h1>{texts.account}</h1>;
}
