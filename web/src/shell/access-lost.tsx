import { Link } from "@tanstack/react-router";
import { PageHead } from "../parts/page-head";
import { TimeAgo } from "../parts/time";
import { texts } from "../texts/en";
import type { AccessLoss } from "./access-losses";

/** Replaces an organization's pages after the person has lost access to it. */
export function AccessLost({ loss: { name, at, change } }: { loss: AccessLoss }) {
  const { errorPages } = texts;
  const title = change === "ORGANIZATION_DELETED" ? errorPages.deleted(name) : errorPages.noLonger(name);
  const text = {
    REMOVED: errorPages.removedText,
    LEFT: errorPages.leftText,
    ORGANIZATION_DELETED: errorPages.deletedText,
  };
  return (
    <div role="alert">
      <PageHead title={title} text={<TimeAgo at={at} />} />
      <p>{change ? text[change] : errorPages.noLongerText}</p>
      <Link to="/organizations">{texts.toOrganizations}</Link>
    </div>
  );
}
