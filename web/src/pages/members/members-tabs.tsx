import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useOrganization } from "../../shell/organization-context";
import { membersPage } from "../../texts/en/members";
import { InvitationList } from "./invitation-list";
import { MemberList } from "./member-list";
import styles from "./members.module.css";
import { RemovedList } from "./removed-list";
import type { MembersTab } from "./search";
import type { Summary } from "./types";
import { useMembersSearch } from "./use-members-search";

const t = membersPage;

/** The lists of the page: members, and for those who manage them, invitations and removed members. */
export function MembersTabs({ summary, listVersion }: { summary: Summary; listVersion: number }) {
  const { may } = useOrganization();
  const { search, change } = useMembersSearch();
  const tabs: MembersTab[] = ["active"];
  if (may("INVITE_AND_REMOVE_MEMBERS")) tabs.push("invitations", "answered");
  if (may("INVITE_AND_REMOVE_MEMBERS") && may("VIEW_AUDIT_LOG")) tabs.push("removed");
  const counts: Partial<Record<MembersTab, number | undefined>> = {
    active: summary.all.totalCount,
    invitations: summary.invitations?.totalCount,
  };
  const chosen = tabs.find((tab) => tab === search.tab) ?? "active";
  return (
    <Tabs
      selectedKey={chosen}
      onSelectionChange={(key) => change({ tab: tabs.find((tab) => tab === key), q: undefined, role: undefined })}
    >
      <TabList aria-label={t.tabList} className={styles.tabs}>
        {tabs.map((tab) => (
          <Tab key={tab} id={tab}>
            {t.tabs[tab]}
            {counts[tab] !== undefined && <span className={styles.count}>{counts[tab].toLocaleString("en")}</span>}
          </Tab>
        ))}
      </TabList>
      <TabPanel id="active">
        <MemberList summary={summary} listVersion={listVersion} />
      </TabPanel>
      <TabPanel id="invitations">
        <InvitationList key="invitations" statuses={PENDING} />
      </TabPanel>
      <TabPanel id="answered">
        <InvitationList key="answered" statuses={ANSWERED} />
      </TabPanel>
      <TabPanel id="removed">
        <RemovedList summary={summary} />
      </TabPanel>
    </Tabs>
  );
}

const PENDING = ["PENDING"] as const;
const ANSWERED = ["ACCEPTED", "DECLINED", "CANCELED", "EXPIRED"] as const;
