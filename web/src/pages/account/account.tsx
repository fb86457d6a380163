import { useQuery } from "@apollo/client/react";
import { ViewerDocument } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { PageHead } from "../../parts/page-head";
import { Failed } from "../../parts/page-states";
import { useSession } from "../../session/session-context";
import { ThemeSelect } from "../../shell/theme-select";
import { texts } from "../../texts/en";
import { accountPage } from "../../texts/en/account";
import styles from "./account.module.css";
import { Memberships } from "./memberships";

/** Who the viewer is, how the console looks, and where they are a member. */
export function Account() {
  const session = useSession();
  return (
    <>
      <PageHead title={accountPage.title} text={accountPage.text} />
      <PersonCard />
      <section className={styles.card} aria-labelledby="look">
        <h2 id="look">{accountPage.look}</h2>
        <ThemeSelect />
        <label className={styles.language}>
          {accountPage.language}
          <select defaultValue="en">
            {Object.entries(accountPage.languages).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </section>
      <Memberships />
      <section className={styles.card} aria-labelledby="session">
        <h2 id="session">{accountPage.session}</h2>
        <p className="dim">{accountPage.sessionText}</p>
        <div>
          <Button onPress={() => void session.signOut()}>{texts.signOut}</Button>
        </div>
      </section>
    </>
  );
}

function PersonCard() {
  const { data, error, refetch } = useQuery(ViewerDocument, { fetchPolicy: "cache-and-network" });
  if (error) return <Failed error={error} onRetry={() => refetch()} />;
  if (!data) return null;
  const { name, email, emailVerified } = data.viewer;
  return (
    <section className={styles.card} aria-labelledby="person">
      <h2 id="person">{accountPage.person}</h2>
      <dl className={styles.details}>
        <dt>{accountPage.name}</dt>
        <dd dir="auto">{name}</dd>
        <dt>{accountPage.address}</dt>
        <dd>
          {email ?? <em className="dim">{accountPage.noAddress}</em>}{" "}
          {email && (
            <Badge tone={emailVerified ? "good" : "warn"}>
              {emailVerified ? accountPage.verified : accountPage.notVerified}
            </Badge>
          )}
        </dd>
      </dl>
      {email && !emailVerified && <p className="dim">{accountPage.notVerifiedText}</p>}
    </section>
  );
}
