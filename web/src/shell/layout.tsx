import { useQuery } from "@apollo/client/react";
import { Link, Outlet } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { ViewerDocument } from "../graph/generated/graphql";
import { Announcer } from "../parts/announcer";
import { IconButton } from "../parts/button";
import { Toasts } from "../parts/toasts";
import { useSession } from "../session/session-context";
import { texts } from "../texts/en";
import { ConnectionBanner } from "./connection-banner";
import styles from "./layout.module.css";

/** The header over every page of signed-in people. */
export function Layout() {
  const session = useSession();
  const { data, client } = useQuery(ViewerDocument);
  const signOut = async () => {
    await session.signOut();
    await client.clearStore();
    location.assign("/");
  };
  return (
    <>
      <a className={styles.skip} href="#content">
        {texts.skip}
      </a>
      <header className={styles.header}>
        <Link to="/organizations" className={styles.brand}>
          CloudThinker
        </Link>
        <span className={styles.person}>{data?.viewer.name}</span>
        <IconButton label={texts.signOut} onPress={() => void signOut()}>
          <LogOut size={18} aria-hidden />
        </IconButton>
      </header>
      <ConnectionBanner />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <Announcer />
      <Toasts />
    </>
  );
}
