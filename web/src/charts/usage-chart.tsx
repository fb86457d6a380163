import type { ReactNode } from "react";
import {
  Bar,
  BarChart,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { colourOf } from "./palette";
import styles from "./usage-chart.module.css";

/** A series of stacked bars. Its position decides its colour in the palette. */
interface Series {
  key: string;
  name: string;
}

interface BarsProps {
  label: string;
  /** One per bar: the series' values by key. */
  rows: ReadonlyArray<{ at: string; values: Readonly<Record<string, number>> }>;
  series: readonly Series[];
  /** The place of the first series in the palette. */
  firstColour?: number;
  /** Lower, for a chart below another one. */
  isSmall?: boolean;
  formatDay(at: string): string;
  formatValue(value: number): string;
}

const MARGIN = { top: 16, right: 24, bottom: 0, left: 0 };
const AXIS = { stroke: "var(--dim)", fontSize: 12, tickLine: false, axisLine: false } as const;

/** Stacked bars over time. Arrow keys move from bar to bar and read their values. */
export function UsageBars({ label, rows, series, firstColour = 0, isSmall, formatDay, formatValue }: BarsProps) {
  const names = new Map(series.map(({ key, name }) => [key, name]));
  return (
    <figure className={styles.chart} aria-label={label}>
      <ResponsiveContainer width="100%" height={isSmall ? 120 : 260}>
        <BarChart data={[...rows]} margin={MARGIN} title={label} maxBarSize={48}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="at" tickFormatter={formatDay} minTickGap={24} {...AXIS} />
          <YAxis width={52} tickFormatter={formatValue} {...AXIS} />
          <Tooltip
            cursor={{ fill: "var(--hover)" }}
            isAnimationActive={false}
            content={({ active, label: at, payload }) => (
              <Reading isShown={active} title={formatDay(String(at ?? ""))}>
                {payload
                  .filter(({ value }) => Number(value) > 0)
                  .map(({ dataKey, name, value }) => (
                    <Value key={String(dataKey ?? name)} name={names.get(String(name)) ?? ""}>
                      {formatValue(Number(value))}
                    </Value>
                  ))}
              </Reading>
            )}
          />
          {series.map(({ key }, index) => (
            <Bar
              key={key}
              name={key}
              dataKey={(row: { values: Record<string, number> }) => row.values[key] ?? 0}
              stackId="all"
              className={colourOf(firstColour + index)}
              fill="currentColor"
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}

interface PoolProps {
  label: string;
  days: ReadonlyArray<{ at: string; used: number | null; forecast: number | null }>;
  limit: number | null;
  limitLabel: string;
  /** The day on which the credits run out, with its label. */
  end: { at: string; label: string } | null;
  names: { used: string; forecast: string };
  formatDay(at: string): string;
  formatValue(value: number): string;
}

/** The use of the period's credits so far, and its forecast at the present pace. */
export function PoolLine({ label, days, limit, limitLabel, end, names, formatDay, formatValue }: PoolProps) {
  return (
    <figure className={styles.chart} aria-label={label}>
      <ResponsiveContainer width="100%" height={240}>
        <ComposedChart data={[...days]} margin={MARGIN} title={label}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="at" tickFormatter={formatDay} minTickGap={32} {...AXIS} />
          <YAxis width={52} tickFormatter={formatValue} domain={[0, (max: number) => topOf(max, limit)]} {...AXIS} />
          <Tooltip
            isAnimationActive={false}
            content={({ active, label: at, payload }) => (
              <Reading isShown={active} title={formatDay(String(at ?? ""))}>
                {payload.map(({ dataKey, value }) => (
                  <Value key={String(dataKey)} name={dataKey === "used" ? names.used : names.forecast}>
                    {formatValue(Number(value))}
                  </Value>
                ))}
              </Reading>
            )}
          />
          {limit !== null && (
            <ReferenceLine
              y={limit}
              stroke="var(--warn)"
              strokeWidth={1.5}
              label={{ value: limitLabel, position: "insideTopLeft", fill: "var(--warn)", fontSize: 12 }}
            />
          )}
          <Line dataKey="used" stroke="var(--accent)" strokeWidth={2.5} dot={false} isAnimationActive={false} />
          <Line
            dataKey="forecast"
            stroke="var(--accent)"
            strokeWidth={2}
            strokeDasharray="6 5"
            dot={false}
            isAnimationActive={false}
          />
          {end && limit !== null && (
            <ReferenceDot
              x={end.at}
              y={limit}
              r={5}
              fill="var(--warn)"
              stroke="var(--paper)"
              label={{ value: end.label, position: "top", fill: "var(--ink)", fontSize: 12, offset: 8 }}
            />
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </figure>
  );
}

const INTERVALS = 4;
const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The top of the axis: above the higher of both values, with round numbers at the marks. */
function topOf(max: number, limit: number | null): number {
  const step = (Math.max(max, limit ?? 0, 1) * 1.1) / INTERVALS;
  const magnitude = 10 ** Math.floor(Math.log10(step));
  return INTERVALS * magnitude * (ROUND.find((each) => each * magnitude >= step) ?? 10);
}

/** The values at the position of the pointer or the arrow keys. Screen readers read them out. */
function Reading({ isShown, title, children }: { isShown: boolean | undefined; title: string; children: ReactNode }) {
  return (
    <div role="status" className={isShown ? styles.reading : undefined}>
      {isShown && (
        <>
          <strong>{title}</strong>
          <dl>{children}</dl>
        </>
      )}
    </div>
  );
}

function Value({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
