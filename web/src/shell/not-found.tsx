import { Link } from "@tanstack/react-router";
import { PageHead } from "../parts/page-head";
import { texts } from "../texts/en";

/** For a place that does not exist. */
export function NotFound() {
  return (
    <>
      <PageHead title={texts.notFound} text={texts.notFoundText} />
      <Link to="/organizations">{texts.toOrganizations}</Link>
    </>
  );
}
