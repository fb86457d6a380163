import { ConnectionBanner } from "./connection-banner";
import { SessionBanner } from "./session-banner";

/** What keeps the page from being sent or updated now. */
export function Banners() {
  return (
    <>
      <SessionBanner />
      <ConnectionBanner />
    </>
  );
}
