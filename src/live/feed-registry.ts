/** The feeds of this process by topic. A feed exists from before its first stream opens until its last one has ended. */
export class FeedRegistry<Feed extends { size: number; onEmpty(): void }> {
  private readonly feeds = new Map<string, { feed: Feed; openings: number }>();

  get(topic: string): Feed | undefined {
    return this.feeds.get(topic)?.feed;
  }

  topics(): string[] {
    return [...this.feeds.keys()];
  }

  all(): Feed[] {
    return [...this.feeds.values()].map(({ feed }) => feed);
  }

  /** Opens a stream on the feed of a topic, and creates the feed if there is none. Removes a feed without streams. */
  async openStream<Stream>(topic: string, create: () => Feed, open: (feed: Feed) => Promise<Stream>): Promise<Stream> {
    const entry = this.feeds.get(topic) ?? this.add(topic, create());
    entry.openings += 1;
    try {
      return await open(entry.feed);
    } finally {
      entry.openings -= 1;
      this.removeIfUnused(topic);
    }
  }

  private add(topic: string, feed: Feed) {
    const entry = { feed, openings: 0 };
    this.feeds.set(topic, entry);
    feed.onEmpty = () => this.removeIfUnused(topic);
    return entry;
  }

  private removeIfUnused(topic: string): void {
    const entry = this.feeds.get(topic);
    if (entry?.openings === 0 && entry.feed.size === 0) this.feeds.delete(topic);
  }
}
