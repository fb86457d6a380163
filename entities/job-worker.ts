import { Column, Entity, PrimaryColumn } from "typeorm";

/** The heartbeat of a job worker. Other workers take over the jobs of one whose heartbeat stops. */
@Entity("job_worker")
export class JobWorker {
  @PrimaryColumn("varchar", { length: 128 })
  id: string;

  @Column("timestamp with time zone", { precision: 3 })
  seenAt: Date;
}
