// An audit trail as it is read: who did what, why, and how it ended. Pure: must not know the DOM, nor whose trail it is.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { AuditEntry } from "../client/src/index.js" */
/** @import { Around } from "./screens.js" */
import { snakeName } from "../client/src/names.js";
import { h } from "../components/src/nodes.js";
import { readable } from "../components/src/words.js";
import { facts, moment, moreOf, partView, plain } from "./part-view.js";

/** @param {{ kind: string, id: string }} party @param {Around["words"]} words */
const partyText = ({ kind, id }, words) => `${words.name("admin_party", kind)} ${id}`;

/** @param {AuditEntry} entry @param {Around["words"]} words */
const row = (entry, words) => {
  const { actor, action, status, code, at, details, entityType, entityId, requestId, ipAddress, userAgent, seq, hash } = entry;
  const { reason, ...asked } = /** @type {Record<string, unknown>} */ (details);
  /** @type {[string, Node | undefined][]} */
  const rows = [
    ...Object.entries(asked).map(([name, value]) => /** @type {[string, Node]} */ ([snakeName(name), plain(value, words)])),
    [words.say("admin_entity"), `${entityType} ${entityId}`.trim()],
    [words.say("admin_from"), ipAddress ?? undefined],
    [words.say("admin_agent"), userAgent ?? undefined],
    [words.say("admin_request"), requestId],
    [words.say("admin_number"), String(seq)],
    [words.say("admin_hash"), h("code", null, hash)],
  ];
  return h(
    "li",
    { class: "entry" },
    h("p", null, h("strong", null, words.name("admin_action", action)), " ", h("span", { class: status === "success" ? "status" : "status bad" }, [words.name("admin_status", status), code].filter(Boolean).join(": "))),
    h("p", { class: "muted" }, moment(at), ` · ${partyText(actor, words)}`),
    typeof reason === "string" && h("p", { class: "reason" }, reason),
    h("details", null, h("summary", null, words.say("admin_details")), facts(rows)),
  );
};

/** @param {Around} around @param {string} name @returns {Node[]} */
export const trailView = (around, name) =>
  partView(around, name, ({ entries }) => [
    entries.length ? h("ol", { class: "entries" }, entries.map((/** @type {AuditEntry} */ one) => row(one, around.words))) : h("p", { class: "muted" }, around.words.say("admin_noEntries")),
    moreOf(around, name),
  ]);

/** The name of a field, made readable. @param {string} name */
export const fieldName = (name) => readable(snakeName(name));
