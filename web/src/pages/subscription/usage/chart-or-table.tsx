import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { subscriptionPage } from "../../../texts/en/subscription";
import styles from "./usage.module.css";

const words = subscriptionPage.usage;

interface Props {
  title: string;
  text?: ReactNode;
  /** More buttons beside the switch. */
  actions?: ReactNode;
  table: ReactNode;
  /** The chart. */
  children: ReactNode;
}

/** A chart with its data as a table behind it. */
export function ChartOrTable({ title, text, actions, table, children }: Props) {
  return (
    <Tabs>
      <div className={styles.head}>
        <div>
          <h3>{title}</h3>
          {text && <p className={styles.text}>{text}</p>}
        </div>
        <div className={styles.tools}>
          {actions}
          <TabList aria-label={title} className={styles.switch}>
            <Tab id="chart">{words.chart}</Tab>
            <Tab id="data">{words.data}</Tab>
          </TabList>
        </div>
      </div>
      <TabPanel id="chart">{children}</TabPanel>
      <TabPanel id="data">{table}</TabPanel>
    </Tabs>
  );
}
