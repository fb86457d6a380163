import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { MemberOrder } from "../../src/domain/member-order";
import type { OrganizationRole } from "../../src/domain/role";
import type { Reader, Statement } from "../../src/store/engine/statement";
import { LISTS, MEMBER_LISTS, type SortKey } from "../../src/store/lists";
import { memberPages } from "../../src/store/views/member-pages";
import { cloneDatabase } from "./template-database";

interface SearchRequest {
  roles?: readonly OrganizationRole[] | null;
  limit?: number;
  after?: SortKey | null;
}

const RANK = "array_position('{OWNER,ADMIN,DEVELOPER,VIEWER}'::text[], role::text)";
const SORTS: Record<MemberOrder, string> = {
  JOINED: "joined_at, id",
  NAME: 'name_key COLLATE "C", id',
  ROLE: `${RANK}, joined_at, id`,
  LAST_SEEN: "last_seen_at DESC, id DESC",
};

/** A database with organizations whose members are searched. It counts the rows and names the statements of searches. */
export class SearchedMembers {
  private statements: string[] = [];

  private constructor(
    readonly client: Client,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<SearchedMembers> {
    const { url, drop } = await cloneDatabase();
    const client = new Client({ connectionString: url });
    await client.connect();
    return new SearchedMembers(client, drop);
  }

  async close(): Promise<void> {
    await this.client.end();
    await this.drop();
  }

  readonly reader: Reader = {
    rows: async <Row>({ name, text }: Statement, values: readonly unknown[]) => {
      this.statements.push(name);
      return (await this.client.query(text, values as unknown[])).rows as Row[];
    },
  };

  /**
   * An organization with members of two random words. One in a hundred is a Quentin, and only the last one has "zyx".
   * Five are Owners.
   */
  async organization(count: number, prefix: string): Promise<string> {
    const id = randomUUID();
    const name = "INSERT INTO organization (id, name, created_at, updated_at) VALUES ($1, 'A', now(), now())";
    await this.client.query(name, [id]);
    await this.client.query(
      `INSERT INTO user_account (id, name, email_verified, identity_at, created_at, search_text)
       SELECT $2 || n, 'x', false, now(), now(), substr(md5(n::text), 1, 8) || ' '
         || CASE WHEN n = $1::int THEN 'zyx' WHEN n % 100 = 50 THEN 'quentin' ELSE substr(md5(n::text), 9, 8) END || E'\\n'
       FROM generate_series(1, $1::int) n`,
      [count, prefix],
    );
    await this.client.query(
      `INSERT INTO member (id, organization_id, user_id, role, joined_at, last_seen_at)
       SELECT gen_random_uuid(), $1, $3 || n,
         CASE WHEN n % ($2::int / 5) = 7 THEN 'OWNER' ELSE (ARRAY['ADMIN', 'DEVELOPER', 'VIEWER'])[1 + n / 7 % 3] END,
         now() + n * interval '1 second', now() - n % 365 * interval '1 day' FROM generate_series(1, $2::int) n`,
      [id, count, prefix],
    );
    return id;
  }

  /** Runs `work` while the counters say that the organization has a million members more. */
  async asIfLarge(id: string, work: () => Promise<void>): Promise<void> {
    const count = "UPDATE organization_count SET viewers = viewers + $2 WHERE organization_id = $1";
    await this.client.query(count, [id, 1_000_000]);
    // Sorting these few is as cheap as reading them by index; sorting a million is not.
    await this.client.query("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off");
    try {
      await work();
    } finally {
      await this.client.query(count, [id, -1_000_000]);
      await this.client.query("RESET enable_seqscan; RESET enable_bitmapscan; RESET enable_sort");
    }
  }

  /** Reads one page of a search. Returns its members, the rows of members that it read, and the statements. */
  async search(id: string, text: string, order: MemberOrder, request: SearchRequest = {}) {
    const { roles = null, limit = 50, after = null } = request;
    this.statements = [];
    await this.client.query("BEGIN");
    const before = await this.rowsRead();
    const visibility = { userId: "nobody", all: false };
    const page = await memberPages(this.reader, visibility, [id], { search: text, roles }, order, { limit, after });
    const read = (await this.rowsRead()) - before;
    await this.client.query("COMMIT");
    const last = page.length > limit ? page[limit - 1] : undefined;
    const next = last ? LISTS[MEMBER_LISTS[order]].keyOf(last) : null;
    return { ids: page.map((member) => member.id), read, next, statements: this.statements };
  }

  /** The rows of members that this session has read. In a transaction, PostgreSQL does not reset the count. */
  private async rowsRead(): Promise<number> {
    const { rows } = await this.client.query(
      `SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS read
       FROM pg_stat_xact_user_tables WHERE relname = 'member'`,
    );
    return Number(rows[0]?.read);
  }

  /** All members whose search text contains `text`, by a scan, in the order of a list. */
  async scan(id: string, text: string, order: MemberOrder, roles: SearchRequest["roles"] = null): Promise<string[]> {
    const all = `
      SELECT id FROM member WHERE organization_id = $1 AND strpos(search_text, $2) > 0
        AND ($3::text[] IS NULL OR role = ANY ($3)) ORDER BY ${SORTS[order]}`;
    return (await this.client.query(all, [id, text, roles])).rows.map((row) => row.id);
  }
}
