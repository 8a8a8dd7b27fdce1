// What runs and how it is: health, runs of the jobs, backups, and what was done about everybody. Pure: must not know the DOM.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { ListedBackup, ListedRun } from "../client/src/index.js" */
/** @import { Question } from "./parts.js" */
/** @import { Around } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { card, facts, moment, partView, plain } from "./part-view.js";
import { tableView } from "./table-view.js";
import { trailView } from "./trail-view.js";

const ENTRIES_A_PAGE = 10;
const HOUR_SECONDS = 3600;

/** @type {Record<string, Question>} */
export const OPERATIONS_QUESTIONS = {
  health: { name: "getHealth" },
  database: { name: "getDatabaseHealth" },
  runs: { name: "listRuns" },
  backups: { name: "listBackups" },
  trail: { name: "listAuditOfEverybody", input: { pageSize: ENTRIES_A_PAGE }, list: "entries" },
};

/** @param {Around} around */
const health = (around) => {
  const { words } = around;
  return [
    ...partView(around, "health", ({ status, version, commit, revision }) => [
      facts([
        [words.say("admin_service"), words.name("admin_health", status)],
        [words.say("admin_version"), version],
        [words.say("admin_commit"), plain(commit, words)],
        [words.say("admin_revision"), plain(revision, words)],
      ]),
    ]),
    ...partView(around, "database", ({ status, mode, latencyMs, userCount, schemaVersion, migratedTo, lastBackup }) => [
      facts([
        [words.say("admin_database"), `${words.name("admin_health", status)} (${mode})`],
        [words.say("admin_latency"), `${plain(latencyMs, words)} ms`],
        // Support is told no more than everybody is.
        [words.say("admin_userCount"), userCount === undefined ? undefined : plain(userCount, words)],
        [words.say("admin_form"), schemaVersion === undefined ? undefined : `${schemaVersion} (${plain(migratedTo, words)})`],
        [words.say("admin_lastBackup"), lastBackup === undefined ? undefined : lastBackup ? words.say("admin_backupAge", { hours: Math.round(lastBackup.ageSeconds / HOUR_SECONDS), moment: lastBackup.moment }) : words.say("admin_noBackup")],
      ]),
    ]),
  ];
};

/** @param {Around} around @returns {Node[]} */
const runs = (around) =>
  partView(around, "runs", ({ runs: rows }) => {
    const { words } = around;
    const columns = ["job", "run", "state", "users", "freezesApplied", "streaksBroken", "errors", "seconds", "updated"].map((name) => ({ name, title: words.say(`admin_column_${name}`), isNumber: ["users", "freezesApplied", "streaksBroken", "errors", "seconds"].includes(name) }));
    const rowOf = (/** @type {ListedRun} */ one) => [
      words.name("admin_job", one.job),
      h("code", null, one.runId),
      words.name("admin_run", one.status ?? one.state),
      ...[one.usersProcessed, one.freezesApplied, one.streaksBroken, one.errors, one.durationSeconds].map((figure) => plain(figure, words)),
      moment(one.updatedAt),
    ];
    return [tableView({ title: words.say("admin_runs"), columns, rows: rows.map(rowOf), none: words.say("admin_noRuns") })];
  });

/** @param {Around} around @returns {Node[]} */
const backups = (around) =>
  partView(around, "backups", ({ backups: rows }) => {
    const { words } = around;
    const columns = ["moment", "documents", "verified", "ended"].map((name) => ({ name, title: words.say(`admin_column_${name}`), isNumber: name === "documents" }));
    const rowOf = (/** @type {ListedBackup} */ one) => [moment(one.moment), plain(one.documents, words), plain(one.verified, words), moment(one.endedAt)];
    return [tableView({ title: words.say("admin_backups"), columns, rows: rows.map(rowOf), none: words.say("admin_noBackup") })];
  });

/** @param {Around} around @returns {Node[]} */
export const operationsView = (around) => {
  const { words } = around;
  return [
    h("h1", { tabindex: -1 }, words.say("admin_operations")),
    h(
      "div",
      { class: "cards" },
      card(words.say("admin_healthOf"), health(around)),
      card(words.say("admin_backups"), backups(around)),
      card(words.say("admin_runs"), runs(around), true),
      card(words.say("admin_trail"), trailView(around, "trail"), true),
    ),
  ];
};
