// After a kill: from the page's address to the first row of "my open cases" on the screen, with all
// rows resident by then; the peers answer the same question from their indexes, fifty rows.
import { browser_rounds, column, middle, processor } from "./browser_rounds.mjs";
import { median, percentile } from "./measure.mjs";

export const title = "start after a kill, first useful query";

export async function measure() {
  return (await browser_rounds()).map(({ cases, backend, rounds, turns }) => {
    const spent = column(turns, "foyer", "query_ms"), value = median(spent);
    const wanted = cases === 100_000 ? 700 : 150;
    return { what: `${cases} cases, ${backend}, ${rounds} rounds`, value,
      p95: percentile(spent, 0.95), unit: "ms",
      others: [
        { name: "dexie", value: middle(turns, "dexie", "query_ms") },
        { name: "sqlite-wasm", value: middle(turns, "sqlite", "query_ms") },
      ],
      limits: [{ name: "raw chunks", value: middle(turns, "chunks", "query_ms") }],
      processor_ms: processor(turns, "query_cpu_ms"),
      target: `<= ${wanted} ms`, reached: value <= wanted };
  });
}
