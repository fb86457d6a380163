import { useQuery } from "@apollo/client/react";
import { Link, Outlet } from "@tanstack/react-router";
import { CircleHelp, CloudCog, LogOut, UserRound } from "lucide-react";
import { useState } from "react";
import { ViewerDocument, type ViewerQuery } from "../graph/generated/graphql";
import { Announcer } from "../parts/announcer";
import { IconButton } from "../parts/button";
import { Toasts } from "../parts/toasts";
import { useSession } from "../session/session-context";
import { texts } from "../texts/en";
import { Banners } from "./banners";
import styles from "./layout.module.css";
import { WorkspaceSelector } from "./selector/workspace-selector";
import { ShortcutHelp } from "./shortcut-help";
import { useRememberedPlace } from "./use-place";
import { useShortcuts } from "./use-shortcuts";
import { useViewerLive } from "./use-viewer-live";

/** The frame of every page for signed-in people: the header, banners, and the live updates of the viewer's lists. */
export function Layout() {
  const { data, previousData } = useQuery(ViewerDocument);
  const viewer = (data ?? previousData)?.viewer;
  return (
    <>
      <a className={styles.skip} href="#content">
        {texts.skip}
      </a>
      {viewer && <Header viewer={viewer} />}
      <Banners />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <Announcer />
      <Toasts />
    </>
  );
}

function Header({ viewer }: { viewer: ViewerQuery["viewer"] }) {
  const session = useSession();
  const [isSelecting, setSelecting] = useState(false);
  const [isHelping, setHelping] = useState(false);
  useViewerLive(viewer);
  useRememberedPlace();
  useShortcuts({ onSelector: () => setSelecting(true), onHelp: () => setHelping(true) });
  return (
    <header className={styles.header}>
      <Link to="/organizations" className={styles.brand}>
        <CloudCog size={22} aria-hidden />
        {texts.brand}
      </Link>
      <WorkspaceSelector isOpen={isSelecting} onOpenChange={setSelecting} />
      <span className={styles.space} />
      <IconButton label={texts.selectorPage.shortcuts} onPress={() => setHelping(true)}>
        <CircleHelp size={18} aria-hidden />
      </IconButton>
      <Link to="/account" className={styles.person} title={texts.account}>
        <UserRound size={18} aria-hidden />
        <span className={styles.personName} dir="auto">
          {viewer.name}
        </span>
      </Link>
      <IconButton label={texts.signOut} onPress={() => void session.signOut()}>
        <LogOut size={18} aria-hidden />
      </IconButton>
      {isHelping && <ShortcutHelp onClose={() => setHelping(false)} />}
    </header>
  );
}
