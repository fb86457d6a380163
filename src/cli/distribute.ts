import { configure } from "../config/configure";
import { reachDatabase } from "../reach-database";
import { distribute } from "../store/engine/distribute";

/**
 * `npm run distribute`: distributes the tables over the nodes of a Citus cluster. May be run again after it was killed. No
 * replica may run meanwhile.
 */
async function main(): Promise<void> {
  const config = configure(process.env);
  const { directUrl, stop } = await reachDatabase(config, new AbortController().signal, () => undefined);
  try {
    const steps = await distribute(directUrl, (line) => process.stdout.write(`${line}\n`));
    process.stdout.write(
      steps === 0 ? "The database is distributed already. Nothing was changed.\n" : "The database is distributed.\n",
    );
  } finally {
    await stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
