import { useEffect, useRef, useState } from "react";
import type { MemberOrder, OrganizationRole } from "../../graph/generated/graphql";
import { SearchBox } from "../../parts/search-box";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";
import { ORDERS, ROLES } from "./search";
import type { Summary } from "./types";
import { useMembersSearch } from "./use-members-search";

const t = membersPage;
const TYPING_MS = 150;

/** A search whose text is in the address. */
export function AddressedSearch({ label }: { label: string }) {
  const { search, change } = useMembersSearch();
  const [text, setText] = useState(search.q ?? "");
  const typed = useRef(search.q);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // The address also changes without typing, for example by Back, a link or cleared filters.
  useEffect(() => {
    if (search.q === typed.current) return;
    typed.current = search.q;
    setText(search.q ?? "");
  }, [search.q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const q = value.trim() || undefined;
      typed.current = q;
      change({ q }, { replace: search.q !== undefined });
    }, TYPING_MS);
  };
  return <SearchBox label={label} value={text} onChange={type} />;
}

/** Filters by role, with the number of members in each. */
export function RoleChips({ summary }: { summary: Summary }) {
  const { search, change } = useMembersSearch();
  const counts: Record<OrganizationRole, number> = {
    OWNER: summary.owners.totalCount,
    ADMIN: summary.admins.totalCount,
    DEVELOPER: summary.developers.totalCount,
    VIEWER: summary.viewers.totalCount,
  };
  return (
    <fieldset className={styles.chips}>
      <legend className="unseen">{t.roleFilter}</legend>
      {ROLES.map((role) => (
        <button
          key={role}
          type="button"
          aria-pressed={search.role === role}
          className={styles.chip}
          onClick={() => change({ role: search.role === role ? undefined : role })}
        >
          {texts.roles[role]} <span className={styles.count}>{counts[role].toLocaleString("en")}</span>
        </button>
      ))}
    </fieldset>
  );
}

export function OrderSelect() {
  const { may } = useOrganization();
  const { search, change } = useMembersSearch();
  const orders = ORDERS.filter((order) => order !== "LAST_SEEN" || may("CHANGE_MEMBER_ROLES"));
  return (
    <label className={styles.order}>
      {t.order}
      <select
        value={search.order ?? "JOINED"}
        onChange={({ target }) => change({ order: orders.find((order) => order === target.value) })}
      >
        {orders.map((order: MemberOrder) => (
          <option key={order} value={order}>
            {t.orders[order]}
          </option>
        ))}
      </select>
    </label>
  );
}
