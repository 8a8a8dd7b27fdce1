// What the page goes by before anything is shown: roles, addresses, what is sent, advice, differences.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ROUTES } from "../../client/src/routes.js";
import { FOR_USER } from "../../client/src/routes-for-user.js";
import { ACTS, actsFor, inputOf, mayDo } from "../acts.js";
import { DE } from "../de.js";
import { differenceOf, shortened } from "../difference.js";
import { adviceOf, isUncertain } from "../refusal.js";
import { roleOf } from "../role.js";
import { addressOf, routeOf, SCREENS } from "../route.js";
import { plotOf } from "../plot.js";
import { REPORTS } from "../reports-view.js";
import { EN } from "../texts.js";
import { token } from "./parts.js";

test("a role is what a claim says with true and nothing else, and the strongest counts", () => {
  const said = [{ admin: true }, { admin: true, support: true }, { support: true }, { admin: "true" }, { support: 1 }, { admin: false, support: true }, {}].map((claims) => roleOf(token(claims)));
  assert.deepEqual(said, ["admin", "admin", "support", null, null, "support", null]);
  assert.deepEqual(["", null, "x", "x.%.y", token(null), token("text")].map(roleOf), [null, null, null, null, null, null]);
});

test("every user's id has an address, and every other address leads to where one begins", () => {
  for (const uid of ["ada", "a/b?c#d", "<img src=x>", "ü 🔥", "%", ".."]) assert.deepEqual(routeOf(addressOf("user", uid)), { screen: "user", about: uid });
  for (const screen of SCREENS) assert.deepEqual(routeOf(addressOf(screen)), { screen, about: null });
  for (const hash of ["", "#", "#/", "#/user", "#/user/", "#/user/a/b", "#/user/%", "#/amnesties/1", "#/constructor", "#/nowhere/x"]) assert.deepEqual(routeOf(hash), { screen: "find", about: null });
});

test("support grants freezes and excuses days, an admin does all, and only who is blocked is unblocked", () => {
  const names = (role, isBlocked) => actsFor(role, { isBlocked, isHidden: false }).map(({ name }) => name);
  assert.deepEqual([names("support", true), names("support", false)], [["grant", "excuse"], ["grant", "excuse"]]);
  assert.deepEqual(names("admin", false), ["grant", "excuse", "restoreDay", "restoreLength", "xp", "hide", "block"]);
  assert.deepEqual(names("admin", true).at(-1), "unblock");
  assert.ok(actsFor("admin", { isBlocked: false, isHidden: true }).includes(ACTS.show));
  assert.deepEqual(Object.values(ACTS).filter((act) => act.isForEverybody && mayDo(act, "support")), []);
});

test("what each act is sent as is a route of the client's", () => {
  const routes = { ...ROUTES, ...FOR_USER };
  assert.deepEqual(Object.values(ACTS).filter(({ operation }) => !(operation in routes)), []);
});

test("a form says each field as the service wants it, leaves out what is empty, and always says why", () => {
  const form = (fields) => new Map(Object.entries({ reason: " because ", ...fields }));
  const get = (fields) => ({ get: (name) => form(fields).get(name) ?? null });
  assert.deepEqual(inputOf(ACTS.grant, get({ count: "2" })), { count: 2, reason: "because" });
  assert.deepEqual(inputOf(ACTS.grant, get({ count: "2", overCap: "on" })), { count: 2, overCap: true, reason: "because" });
  assert.deepEqual(inputOf(ACTS.xp, get({ amount: "-50" })), { amount: -50, reason: "because" });
  assert.deepEqual(inputOf(ACTS.restoreLength, get({ length: "9", startedOn: "" })), { length: 9, reason: "because" });
  assert.deepEqual(inputOf(ACTS.block, get({ until: "2026-03-02T09:30" })), { until: "2026-03-02T09:30:00.000Z", reason: "because" });
  assert.deepEqual(inputOf(ACTS.block, get({ until: "" })), { reason: "because" });
  assert.deepEqual(inputOf(ACTS.joinChallenge, get({})), {});
  assert.deepEqual(inputOf(ACTS.publish, get({ effectiveFrom: "2026-04-01", toml: "[days]\n" })), { effectiveFrom: "2026-04-01", toml: "[days]\n", reason: "because" });
});

test("each refusal has advice, and what may have happened is sent again as the same", () => {
  const problems = [["network_error", 0], ["freezes_full", 409], ["nothing_to_restore", 409], ["forbidden", 403], ["unauthenticated", 401], ["invalid_request", 422], ["user_erased", 410], ["contention", 503], ["rate_limited", 429], ["of_tomorrow", 418]];
  assert.deepEqual(problems.map(([code, status]) => adviceOf({ code, status })), ["noAnswer", "overCap", "look", "role", "signIn", "fields", "erased", "later", "later", "look"]);
  assert.deepEqual(problems.map(([code, status]) => isUncertain({ code, status })), [true, false, false, false, false, false, false, true, true, false]);
});

test("a difference has all lines of both texts, in their order, and the longest part that they share stays", () => {
  const lines = differenceOf("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n");
  assert.deepEqual(lines.map(({ kind, text }) => `${kind} ${text}`), ["same a", "gone b", "new x", "same c", "same d", "new e"]);
  assert.deepEqual(lines.filter(({ kind }) => kind !== "new").map(({ text }) => text), ["a", "b", "c", "d"]);
  assert.deepEqual(lines.filter(({ kind }) => kind !== "gone").map(({ text }) => text), ["a", "x", "c", "d", "e"]);
  assert.deepEqual(differenceOf("a", "a"), [{ kind: "same", text: "a" }]);
});

test("lines far from any difference are left out, and where is told once", () => {
  const before = [..."abcdefghij"].join("\n");
  const short = shortened(differenceOf(before, before.replace("e", "E")), 1);
  assert.deepEqual(short.map((line) => line?.text ?? null), [null, "d", "e", "E", "f", null]);
});

const column = (name, isNumber = false) => ({ name, title: name, isNumber });

test("rows along days are lines up to the largest, without what could not be seen beside it", () => {
  const columns = [column("date"), column("applied", true), column("earned", true), column("share", true)];
  const rows = [{ date: "2026-03-01", applied: 0, earned: 20, share: 0.5 }, { date: "2026-03-02", applied: 10, earned: null, share: 0.2 }, { date: "2026-03-03", applied: 5, earned: 40, share: 0 }];
  assert.deepEqual(plotOf(columns, rows), {
    kind: "lines",
    ends: ["2026-03-01", "2026-03-03"],
    most: 40,
    series: [{ title: "applied", points: [[0, 40], [50, 30], [100, 35]] }, { title: "earned", points: [[0, 20], [100, 0]] }],
  });
  const numbered = plotOf([column("day", true), column("reached", true)], [{ day: 1, reached: 4 }, { day: 2, reached: 0 }]);
  assert.deepEqual([numbered.ends, numbered.series[0].points], [["1", "2"], [[0, 0], [100, 40]]]);
});

test("other rows are bars under all that names them, and what has no figure is no plot", () => {
  const rows = [{ action: "a", status: "failed", times: 3 }, { action: "b", status: null, times: null }];
  assert.deepEqual(plotOf([column("action"), column("status"), column("times", true)], rows), { kind: "bars", title: "times", most: 3, bars: [{ label: "a · failed", value: 3 }, { label: "b · –", value: 0 }] });
  assert.equal(plotOf([column("date"), column("times", true)], [{ date: "2026-03-01", times: 1 }]).kind, "bars");
  assert.deepEqual([plotOf([column("user_id"), column("until")], rows), plotOf([column("times", true), column("a", true)], [])], [null, null]);
  assert.deepEqual(plotOf([column("date"), column("applied", true)], [{ date: "2026-03-01", applied: 0 }, { date: "2026-03-02", applied: 0 }]).series[0].points, [[0, 40], [100, 40]]);
});

test("the page says everything in both languages, and puts in the same", () => {
  assert.deepEqual(Object.keys(EN).sort(), Object.keys(DE).sort());
  const formsOf = (text) => (typeof text === "string" ? [text] : Object.values(text));
  const placesOf = (text) => [...text.matchAll(/\{\w+\}/g)].map(([found]) => found).sort();
  for (const name of Object.keys(EN)) assert.deepEqual(formsOf(DE[name]).map(placesOf), formsOf(EN[name]).map(placesOf), name);
  for (const name of Object.keys(REPORTS)) for (const wanted of [`report_${name}`, `reportAbout_${name}`]) assert.ok(EN[`admin_${wanted}`], wanted);
  for (const { name, fields } of Object.values(ACTS)) {
    for (const wanted of [`act_${name}`, `do_${name}`, `about_${name}`, ...fields.map((field) => `field_${field.name}`)]) assert.ok(EN[`admin_${wanted}`], wanted);
  }
});
