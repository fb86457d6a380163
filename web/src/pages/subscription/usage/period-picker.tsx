import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "../../../parts/button";
import { subscriptionPage } from "../../../texts/en/subscription";
import type { SubscriptionSearch } from "../search";
import { daysAfter, type Grouping, lengthOf, type Period } from "./period";
import styles from "./usage.module.css";

const words = subscriptionPage.usage;
const PRESETS = [7, 30, 90, 365];
const GROUPINGS: readonly Grouping[] = ["day", "week", "month"];

/** The period and its grouping. Both are in the address, so that people can share a view and reload it. */
export function PeriodPicker({ period, today }: { period: Period; today: string }) {
  const navigate = useNavigate();
  const before = useSearch({ from: "/signed-in/organizations/$organizationId/subscription" });
  const change = (search: SubscriptionSearch) =>
    void navigate({ to: ".", search: { ...before, ...search }, replace: true, resetScroll: false });
  return (
    <div className={styles.picker}>
      <fieldset>
        <legend className="unseen">{words.presets}</legend>
        {PRESETS.map((days) => (
          <Button
            key={days}
            aria-pressed={period.to === today && lengthOf(period) === days}
            onPress={() => change({ from: daysAfter(today, 1 - days), to: today })}
          >
            {words.preset(days)}
          </Button>
        ))}
      </fieldset>
      <DayField label={words.from} value={period.from} max={period.to} onChange={(from) => change({ from })} />
      <DayField label={words.to} value={period.to} min={period.from} onChange={(to) => change({ to })} />
      <label>
        {words.by}
        <select value={period.by} onChange={({ target }) => change({ by: groupingOf(target.value) })}>
          {GROUPINGS.map((by) => (
            <option key={by} value={by}>
              {words.groupings[by]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

interface DayFieldProps {
  label: string;
  value: string;
  min?: string;
  max?: string;
  onChange(day: string): void;
}

function DayField({ label, value, onChange, ...limits }: DayFieldProps) {
  return (
    <label>
      {label}
      <input type="date" value={value} {...limits} onChange={({ target }) => target.value && onChange(target.value)} />
    </label>
  );
}

function groupingOf(text: string): Grouping {
  return GROUPINGS.find((by) => by === text) ?? "day";
}
