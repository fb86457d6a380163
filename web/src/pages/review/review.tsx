import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";

export function AccessReviewPage() {
  useTitle(texts.tabs.reviews);
  return <h1>{texts.tabs.reviews}</h1>;
}
