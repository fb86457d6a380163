import { Link } from "@tanstack/react-router";
import { useTitle } from "../parts/use-title";
import { texts } from "../texts/en";

/** `isNested`: inside the header and the content of a signed-in page. */
export function NotFound({ isNested = false }: { isNested?: boolean }) {
  useTitle(texts.notFound);
  const Frame = isNested ? "section" : "main";
  return (
    <Frame className="narrow">
      <h1>{texts.notFound}</h1>
      <p>{texts.notFoundText}</p>
      <Link to="/organizations">{texts.toOrganizations}</Link>
    </Frame>
  );
}
