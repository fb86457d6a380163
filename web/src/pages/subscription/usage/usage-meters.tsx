import { Meter } from "../../../parts/meter";
import { subscriptionPage } from "../../../texts/en/subscription";
import { sum, type Usage } from "./series";
import styles from "./usage.module.css";

const page = subscriptionPage;
const words = page.usage;

/** How much is used of the day's and the period's credits, of the seats and of the workspaces. */
export function UsageMeters({ usage: { credits, members, workspaces } }: { usage: Usage }) {
  const { dailyLimit, dailyRemaining, monthlyLimit, monthlyRemaining, resetsAt, used } = credits;
  const today = sum([dailyLimit, -dailyRemaining]);
  const isLimited = typeof monthlyLimit === "number";
  const period = isLimited ? sum([monthlyLimit, -(monthlyRemaining ?? 0)]) : used;
  return (
    <ul className={styles.meters}>
      <li>
        <Meter label={words.today} segments={[{ label: words.used, value: rounded(today) }]} limit={dailyLimit} />
        <p className="dim">{words.todayText}</p>
      </li>
      <li>
        <Meter
          label={words.period}
          segments={[{ label: words.used, value: rounded(period) }]}
          limit={monthlyLimit ?? null}
        />
        <p className="dim">{words.periodText(resetsAt)}</p>
      </li>
      <li>
        <Meter
          label={words.members}
          segments={[{ label: words.used, value: members.used }]}
          limit={members.limit ?? null}
        />
      </li>
      <li>
        <Meter
          label={words.workspaces}
          segments={[{ label: words.used, value: workspaces.used }]}
          limit={workspaces.limit ?? null}
        />
      </li>
    </ul>
  );
}

function rounded(credits: number): number {
  return Math.round(credits * 100) / 100;
}
