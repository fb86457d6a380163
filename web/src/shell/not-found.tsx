import { Link } from "@tanstack/react-router";
import { texts } from "../texts/en";

export function NotFound() {
  return (
    <main className="narrow">
      <h1>{texts.notFound}</h1>
      <p>{texts.notFoundText}</p>
      <Link to="/organizations">{texts.toOrganizations}</Link>
    </main>
  );
}
