import type { MigrationInterface, QueryRunner } from "typeorm";
import { createIndexOnline, inBatches, withShortLocks } from "./support/online";

/** Lists the members of a review with findings first. Reviews that exist get their order one by one. */
export class OrderReviewsByFindings1796100100000 implements MigrationInterface {
  name = "OrderReviewsByFindings1796100100000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const column = "ADD COLUMN IF NOT EXISTS findings_order integer NOT NULL DEFAULT 1";
    await withShortLocks(runner, [`ALTER TABLE access_review_item ${column}`]);
    await inBatches(BEFORE_ALL, async (after) => {
      const [review] = await runner.query(NEXT_REVIEW, [after]);
      if (!review) return null;
      // Few rows at a time, because decisions on them wait.
      for (let from = 0; from <= review.last; from += BATCH) {
        await runner.query(ORDER_ITEMS, [review.organization_id, review.id, review.started_at, from, from + BATCH]);
      }
      return review.id as string;
    });
    await createIndexOnline(runner, INDEX, "access_review_item (organization_id, review_id, findings_order, position)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ${INDEX}`);
    await runner.query("ALTER TABLE access_review_item DROP COLUMN findings_order");
  }
}

const INDEX = "access_review_item_findings_index";
const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";
const BATCH = 200;
const NEXT_REVIEW = `
  SELECT organization_id, id, started_at, (
    SELECT max(position) FROM access_review_item i WHERE i.organization_id = r.organization_id AND i.review_id = r.id
  ) AS last FROM access_review r WHERE id > $1 ORDER BY id LIMIT 1`;
const ORDER_ITEMS = `
  UPDATE access_review_item i SET findings_order = 0
  WHERE i.organization_id = $1 AND i.review_id = $2 AND i.position >= $4 AND i.position < $5 AND (
    coalesce(i.last_seen_at, i.joined_at) <= $3::timestamptz - interval '2160 hours'
    OR coalesce(i.owner_rank, 0) > 2
    OR i.role IN ('DEVELOPER', 'VIEWER') AND (
      i.grants = '[]'
      OR EXISTS (
        SELECT FROM jsonb_to_recordset(i.grants) AS g ("roleOverride" text, "expiresAt" text)
        WHERE g."roleOverride" IS NOT NULL AND (
          g."expiresAt" IS NULL OR g."roleOverride" = 'ADMIN'
          OR g."roleOverride" = 'DEVELOPER' AND i.role = 'VIEWER'))))`;
