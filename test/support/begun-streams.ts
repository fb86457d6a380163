import type { Subscriptions } from "../../src/live/subscriptions";

const counts = new WeakMap<Subscriptions, { begun: number }>();

/**
 * The number of event streams that have begun in a process since the first call. Unlike `size`, it never falls, so a
 * test can wait for its own stream while an earlier one is still closing.
 */
export function begunStreams(live: Subscriptions): number {
  const known = counts.get(live);
  if (known) return known.begun;
  const count = { begun: 0 };
  counts.set(live, count);
  const { subscribeToOrganization, subscribeToReceivedInvitations, subscribeToMemberships, subscribeToAll } = live;
  const counted = <Stream>(starting: Promise<Stream>) =>
    starting.then((stream) => {
      count.begun += 1;
      return stream;
    });
  live.subscribeToOrganization = (...args) => counted(subscribeToOrganization.apply(live, args));
  live.subscribeToReceivedInvitations = (...args) => counted(subscribeToReceivedInvitations.apply(live, args));
  live.subscribeToMemberships = (...args) => counted(subscribeToMemberships.apply(live, args));
  live.subscribeToAll = (...args) => counted(subscribeToAll.apply(live, args));
  return 0;
}

/** Opens a subscription. From then on its stream delivers every event, unless it was refused. */
export async function begun<Opened extends { isOver: boolean }>(
  live: Subscriptions,
  open: () => Opened | Promise<Opened>,
): Promise<Opened> {
  const before = begunStreams(live);
  const subscription = await open();
  while (begunStreams(live) === before && !subscription.isOver) await new Promise((resolve) => setImmediate(resolve));
  return subscription;
}
