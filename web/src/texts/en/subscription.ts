import type { BillingInterval, SubscriptionInvoiceStatus, SubscriptionStatus } from "../../graph/generated/graphql";
import type { Grouping } from "../../pages/subscription/usage/period";
import { count } from "./count";

const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
/** For columns, in which the points stand below one another. */
const CREDITS = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const MONEY = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  trailingZeroDisplay: "stripIfInteger",
});
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const number = (value: number) => NUMBER.format(value);
const money = (cents: number) => MONEY.format(cents / 100);
const day = (at: string) => DAY.format(new Date(at));
const orUnlimited = (value: number | null | undefined, one: string, other: string) =>
  value === null || value === undefined ? `Unlimited ${other}` : count(value, one, other);

export const subscriptionPage = {
  text: "The plan, its payment, and what all workspaces use.",
  number,
  credits: (value: number) => CREDITS.format(value),
  money,
  day,
  statuses: {
    ACTIVE: "Active",
    TRIALING: "Trial",
    PAST_DUE: "Payment overdue",
    CANCELED: "Canceled",
  } satisfies Record<SubscriptionStatus, string>,
  cycle: "Billing",
  cycles: { MONTHLY: "Monthly", ANNUAL: "Annually" } satisfies Record<BillingInterval, string>,
  billed: { MONTHLY: "billed monthly", ANNUAL: "billed annually" } satisfies Record<BillingInterval, string>,
  price: "Price",
  renews: "Renews on",
  ends: "Period ends on",
  payment: "Payment",
  includes: "Includes",
  card: (brand: string, last4: string, month: number, year: number) =>
    `${brand} •••• ${last4}, expires ${String(month).padStart(2, "0")}/${year}`,
  noPayment: "No payment method",
  manual: "Billing is by arrangement",
  manualText: "No payment provider is connected: plans change at once without payment, and invoices come separately.",
  portal: "Manage payment",
  portalRefusal: { message: "Billing is by arrangement here and has no portal." },
  priceOf: (cents: number | null | undefined, interval: BillingInterval) => {
    if (cents === null || cents === undefined) return "By arrangement";
    return cents === 0 ? "Free" : `${money(cents)} per ${interval === "MONTHLY" ? "month" : "year"}`;
  },
  perMonth: (annualCents: number) => `${money(annualCents / 12)} a month`,
  limits: {
    credits: (monthly: number | null | undefined, daily: number) =>
      `${orUnlimited(monthly, "credit", "credits")} a month${typeof monthly === "number" ? `, and ${daily} a day` : ""}`,
    members: (limit: number | null | undefined) => orUnlimited(limit, "member", "members"),
    workspaces: (limit: number | null | undefined) => orUnlimited(limit, "workspace", "workspaces"),
  },
  scheduled: (plan: string, billed: string, at: string) => `On ${day(at)} the plan changes to ${plan}, ${billed}.`,
  scheduledText: (plan: string, at: string) => `Until ${day(at)} everything of ${plan} stays as it is.`,
  keep: (plan: string) => `Keep ${plan}`,
  kept: (plan: string) => `The plan stays ${plan}.`,
  scheduledBilling: (billed: string, at: string) => `From ${day(at)} the plan is ${billed}.`,
  keepBilling: { MONTHLY: "Keep monthly billing", ANNUAL: "Keep annual billing" } satisfies Record<
    BillingInterval,
    string
  >,
  keptBilling: {
    MONTHLY: "The plan stays billed monthly.",
    ANNUAL: "The plan stays billed annually.",
  } satisfies Record<BillingInterval, string>,
  pastDue: "A payment failed",
  pastDueText:
    "Everything keeps working for now, but nobody can be invited and no workspace created. Settle the payment to grow again.",
  settle: "Settle the payment",
  canceled: "The subscription has ended",
  canceledText: "Choose a plan to continue.",
  plans: "Plans",
  interval: "Billing interval",
  current: "Current plan",
  scheduledBadge: "Scheduled",
  upgradeTo: (plan: string) => `Upgrade to ${plan}`,
  downgradeTo: (plan: string) => `Change to ${plan}`,
  switchTo: { MONTHLY: "Bill monthly", ANNUAL: "Bill annually" } satisfies Record<BillingInterval, string>,
  upgradeWhen: "Takes effect at once",
  downgradeWhen: (at: string) => `Takes effect on ${day(at)}`,
  blocked: "Before you can change to it",
  tooMany: {
    members: (number: number) => count(number, "member or invitation too many", "members or invitations too many"),
    workspaces: (number: number) => count(number, "workspace too many", "workspaces too many"),
  },
  confirm: {
    title: (plan: string, billed: string) => `Change to ${plan}, ${billed}?`,
    titleInterval: {
      MONTHLY: "Change to monthly billing?",
      ANNUAL: "Change to annual billing?",
    } satisfies Record<BillingInterval, string>,
    dueNow: "Due now",
    next: (at: string) => `Then on ${day(at)}`,
    nextWithoutDay: "Then each period",
    effect: "Takes effect",
    atOnce: "At once",
    nothing: "Nothing",
    credit: (cents: number) => `Nothing; ${money(-cents)} are credited`,
    manual: "No payment is taken: billing is by arrangement.",
    pay: "Go to payment",
    withoutCard: "The payment happens on the page of the payment provider. The plan changes once it is paid.",
    declined: "Change the card in the billing portal",
  },
  changed: (plan: string) => `The plan is now ${plan}.`,
  changedBilling: (billed: string) => `The plan is now ${billed}.`,
  willChange: (plan: string, at: string) => `The plan changes to ${plan} on ${day(at)}.`,
  waiting: "Waiting for the payment",
  waitingText: (plan: string) => `The payment provider confirms it in a moment. This page then shows the plan ${plan}.`,
  waitingLong: "This takes longer than usual. Bank transfers can take days, so you can close this page.",
  stopWaiting: "I did not pay",
  draft: "An invitation waits",
  draftText: (addresses: number) =>
    `${count(addresses, "address is", "addresses are")} entered and not sent yet. Continue once there is a seat for each.`,
  toDraft: "Go on inviting",
  invoices: {
    title: "Invoices",
    none: "No invoice yet.",
    number: "Invoice",
    issued: "Issued",
    paid: "Paid",
    status: "Status",
    amount: "Amount",
    open: (number: string) => `Open invoice ${number}`,
    unnumbered: "Without number",
    more: "Older invoices",
    unavailable: "The payment provider cannot be reached. Plan and usage are not affected.",
    statuses: {
      OPEN: "Open",
      PAID: "Paid",
      VOID: "Void",
      UNCOLLECTIBLE: "Uncollectible",
    } satisfies Record<SubscriptionInvoiceStatus, string>,
  },
  usage: {
    title: "Usage",
    refreshed: "Refreshed every 30 seconds",
    today: "Today's credits",
    period: "Credits of this period",
    todayText: "Spent first. Renewed at midnight UTC.",
    periodText: (at: string) => `Renewed on ${day(at)}.`,
    members: "Members and invitations",
    workspaces: "Workspaces",
    pool: "This period",
    poolChart: "Credits used in this period, day by day",
    poolLimit: (limit: number) => `${number(limit)} credits`,
    used: "Used",
    forecast: "At the present pace",
    runsOut: (at: string) => `At the pace of the last 7 days, the credits run out on ${day(at)}.`,
    runsOutLabel: (shortDay: string) => `Runs out ${shortDay}`,
    exhausted: "The credits of this period are used up.",
    lasts: (projected: number, at: string) =>
      `At the pace of the last 7 days, ${number(projected)} credits will be used by ${day(at)}.`,
    noPace: "Nothing was used in the last 7 days.",
    trend: "By workspace",
    trendChart: (by: Grouping) => `Credits per ${by}, by workspace`,
    ownKey: "Calls on your own key",
    ownKeyChart: (by: Grouping) => `Calls on your own key per ${by}`,
    ownKeyText: "These calls ran on your AWS account and cost no credits.",
    others: "Other workspaces",
    deleted: "Deleted workspaces",
    from: "From",
    to: "To",
    by: "Group by",
    groupings: { day: "Day", week: "Week", month: "Month" } satisfies Record<Grouping, string>,
    presets: "Period",
    preset: (days: number) => `${days} days`,
    chart: "Chart",
    data: "Data",
    table: (from: string, to: string) => `Credits from ${day(from)} to ${day(to)}`,
    when: { day: "Day", week: "Week from", month: "Month" } satisfies Record<Grouping, string>,
    total: "Total",
    calls: "Calls",
    ownKeyCalls: "On own key",
    csv: "Download CSV",
    csvName: (from: string, to: string) => `usage-${from}-${to}.csv`,
    workspace: "Workspace",
    credits: "Credits",
    share: "Share",
    none: "Nothing was used in this period.",
    noneText: "Credits appear here with the first call of an agent in one of the workspaces.",
    toWorkspaces: "Workspaces",
    asOf: "The figures could not be refreshed.",
  },
};
