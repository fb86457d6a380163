import type { ApolloClient } from "@apollo/client";
import {
  ReviewDecidedEventsDocument,
  ReviewFindDocument,
  type ReviewHeadFragment,
  type ReviewItemFragment,
  ReviewItemsDocument,
} from "../../graph/generated/graphql";

export interface ReviewSnapshot {
  review: ReviewHeadFragment | null;
  /** The loaded items, those with findings first. */
  items: readonly ReviewItemFragment[];
  loaded: number;
  state: "loading" | "ready" | "missing" | "failed";
  error: unknown;
}

const EMPTY: ReviewSnapshot = { review: null, items: [], loaded: 0, state: "loading", error: null };

/**
 * A review with all its people, those with findings first. They are loaded page by page, and shown as they come, so that
 * the reviewer can begin with the findings of a large review at once.
 */
export class ReviewState {
  private snapshot = EMPTY;
  private readonly listeners = new Set<() => void>();
  private readonly byId = new Map<string, ReviewItemFragment>();
  /** The page of each item, and the cursor after which each page begins. */
  private readonly pageOf = new Map<string, number>();
  private starts: Array<string | null> = [];
  /** The cursor of the review before this one in the organization's list. */
  private afterReview: string | null = null;

  constructor(
    private readonly client: ApolloClient,
    private readonly organizationId: string,
    private readonly reviewId: string,
  ) {}

  readonly current = () => this.snapshot;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  async load(): Promise<void> {
    try {
      if (!(await this.find())) return this.set({ state: "missing" });
      const starts: Array<string | null> = [];
      for (let after: string | null | undefined = null; after !== undefined; ) {
        starts.push(after);
        after = await this.loadPage(starts.length - 1, after);
        this.starts = starts;
        this.set({ loaded: this.byId.size });
      }
      this.set({ state: "ready", error: null });
    } catch (error) {
      this.set({ state: this.snapshot.state === "ready" ? "ready" : "failed", error });
    }
  }

  /** Applies the result of a mutation. */
  apply(review: ReviewHeadFragment, items: readonly ReviewItemFragment[] = []): void {
    for (const item of items) this.byId.set(item.id, item);
    this.set({ review });
  }

  /** Reads the decisions of others since a moment: the pages of the people that the log names. */
  async followDecisions(since: string): Promise<void> {
    const variables = { organizationId: this.organizationId, since };
    const { data } = await this.client.query({
      query: ReviewDecidedEventsDocument,
      variables,
      fetchPolicy: "no-cache",
    });
    const events = (data?.organization?.auditLog?.nodes ?? []).filter(({ subjectId }) => subjectId === this.reviewId);
    const ids = events.flatMap(({ changes }) => changes.map(({ field }) => field.split(".")[0] ?? ""));
    const pages = new Set(ids.flatMap((id) => this.pageOf.get(id) ?? []));
    for (const page of pages) await this.loadPage(page, this.starts[page] ?? null);
    this.set({});
  }

  private async find(): Promise<boolean> {
    let after: string | null = null;
    for (;;) {
      const variables: { organizationId: string; after: string | null } = {
        organizationId: this.organizationId,
        after,
      };
      const { data } = await this.client.query({ query: ReviewFindDocument, variables, fetchPolicy: "no-cache" });
      const reviews = data?.organization?.accessReviews;
      if (!reviews) return false;
      const index = reviews.edges.findIndex(({ node }) => node.id === this.reviewId);
      const found = reviews.edges[index];
      if (found) {
        this.afterReview = reviews.edges[index - 1]?.cursor ?? after;
        this.set({ review: found.node });
        return true;
      }
      if (!reviews.pageInfo.hasNextPage) return false;
      after = reviews.pageInfo.endCursor ?? null;
    }
  }

  /** Returns the cursor of the next page; undefined after the last one. */
  private async loadPage(page: number, after: string | null): Promise<string | null | undefined> {
    const variables = { organizationId: this.organizationId, afterReview: this.afterReview, after };
    const { data } = await this.client.query({ query: ReviewItemsDocument, variables, fetchPolicy: "no-cache" });
    const [review] = data?.organization?.accessReviews?.nodes ?? [];
    if (review?.id !== this.reviewId) throw new Error("The review is not visible any more.");
    const { items, ...head } = review;
    for (const item of items.nodes) {
      this.byId.set(item.id, item);
      this.pageOf.set(item.id, page);
    }
    this.snapshot = { ...this.snapshot, review: head };
    return items.pageInfo.hasNextPage ? items.pageInfo.endCursor : undefined;
  }

  private set(change: Partial<ReviewSnapshot>): void {
    this.snapshot = { ...this.snapshot, items: [...this.byId.values()], ...change };
    for (const listener of this.listeners) listener();
  }
}
