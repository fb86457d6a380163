/** The feeds of this process by topic: each there from before its first watcher until after its last. */
export class FeedRegistry<Feed extends { size: number }> {
  private readonly feeds = new Map<string, { feed: Feed; openings: number }>();

  get(topic: string): Feed | undefined {
    return this.feeds.get(topic)?.feed;
  }

  keys(): string[] {
    return [...this.feeds.keys()];
  }

  all(): Feed[] {
    return [...this.feeds.values()].map(({ feed }) => feed);
  }

  /** Opens a stream on a topic's feed; a feed that nobody watches is let go of. */
  async use<Stream extends { onEnd(ender: () => void): void }>(
    topic: string,
    create: () => Feed,
    open: (feed: Feed) => Promise<Stream>,
  ): Promise<Stream> {
    const entry = this.feeds.get(topic) ?? { feed: create(), openings: 0 };
    this.feeds.set(topic, entry);
    const letGo = () => {
      if (entry.openings === 0 && entry.feed.size === 0) this.feeds.delete(topic);
    };
    entry.openings += 1;
    try {
      const stream = await open(entry.feed);
      stream.onEnd(letGo);
      return stream;
    } finally {
      entry.openings -= 1;
      letGo();
    }
  }
}
