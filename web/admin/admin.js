// The page of those who run the service: who is signed in, which screen is open, and what a click does. Must not know how anybody signs in, nor what is on a screen.

/** @import { User } from "../app/app.js" */
/** @import { Role } from "./role.js" */
/** @import { Span } from "./screens.js" */
import { createClientForUsers } from "../client/src/for-user.js";
import { createRequest, uuid } from "../client/src/request.js";
import { ROUTES } from "../client/src/routes.js";
import { useClient } from "../components/src/index.js";
import { h } from "../components/src/nodes.js";
import { patch } from "../components/src/patch.js";
import { isLocal } from "../app/where.js";
import { whoView } from "../app/who-view.js";
import { language, words } from "./language.js";
import { createParts } from "./parts.js";
import { roleOf } from "./role.js";
import { FILE } from "./reports-view.js";
import { addressOf, FIND, routeOf, SCREENS } from "./route.js";
import { save } from "./saving.js";
import { screenOf } from "./screens.js";
import { createViewed } from "./viewed.js";
import { createWishes } from "./wish.js";

/** @typedef {User & { suggested?: readonly string[] }} Operator */

/** @param {string} id */
const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Operator | null} */
let user = null;
/** @type {Role | null} */
let role = null;
/** @type {((name: string, input: any, more?: any) => Promise<any>) | null} */
let request = null;
/** @type {ReturnType<typeof createViewed> | null} */
let viewed = null;
let route = routeOf(location.hash);

/** @param {string} name @param {any} input @param {any} [more] */
const asked = async (name, input, more) => {
  if (!request) throw new Error("nobody is signed in");
  // Whoever is looked at by the time of the answer may be somebody else.
  const own = viewed;
  const { answer } = await request(name, input, more);
  if (name === "getStreakForUser") own?.tell(answer);
  return answer;
};

const draw = () => {
  if (!user) return;
  patch(place("who"), whoView(user, words));
  place("places").hidden = !role;
  const screen = screenOf(route);
  if (!role || !screen.roles.includes(role)) {
    patch(place("screen"), [h("section", { class: "card welcome" }, h("h1", { tabindex: -1 }, words.say("admin_noRole")), h("p", null, words.say(role ? "admin_forAdmins" : "admin_noRoleHint")))]);
    return;
  }
  const own = role;
  const links = SCREENS.filter((one) => screenOf({ screen: one, about: null }).roles.includes(own));
  patch(place("places"), [
    ...links.map((one) => h("a", { href: addressOf(one), "aria-current": screenOf({ screen: one, about: null }).title === screen.title && "page" }, words.say(`admin_${one}`))),
    h("span", { class: "muted" }, words.say(`admin_role_${own}`)),
  ]);
  const { open, close, submit, state } = wishes;
  const { more, again, ask, refresh, state: part } = parts;
  patch(place("screen"), screen.view({ role: own, words, wish: state(), isFinding, suggested: user.suggested ?? [], part, more, again, ask, refresh, open: (act, about) => (place("screen").querySelector("form.act")?.remove(), open(act, about)), close, submit, find, span, choose, download: (report) => void download(report) }));
};

const parts = createParts(({ name, input }) => asked(name, input), draw);
const wishes = createWishes({
  send: ({ operation }, input, idempotencyKey) => asked(operation, input, { idempotencyKey }),
  uuid,
  changed: draw,
  done: () => void parts.refresh(),
});

let isFinding = false;
/** The days of a report, where somebody chose them. @type {Span | null} */
let span = null;

/** @param {Span} chosen */
const choose = (chosen) => {
  span = chosen;
  void parts.begin(screenOf(route, span).questions);
};

/** @param {{ name: string } & Partial<Span>} report */
const download = async (report) => {
  const text = await parts.ask(FILE, { name: "getReport", input: { ...report, format: "csv" } });
  if (text !== null) save(`${[report.name, report.from, report.to].filter(Boolean).join("_")}.csv`, text, "text/csv");
};

/** @param {string} text @param {boolean} isId */
const find = (text, isId) => {
  if (isId) location.hash = addressOf("user", text);
  else {
    isFinding = true;
    void parts.begin({ found: { name: "findUserByEmail", input: { email: text } } });
  }
};

/** The screen of the address; nothing of the one before is left, also not what was typed. */
const show = () => {
  route = routeOf(location.hash);
  [isFinding, span] = [false, null];
  place("screen").replaceChildren();
  useClient(null);
  viewed = null;
  const { title, roles, questions } = screenOf(route);
  document.title = `${route.about ?? words.say(title)} · ${words.say("admin_name")}`;
  void parts.begin({});
  wishes.close();
  if (client && role && roles.includes(role)) {
    if (route.screen === "user") {
      viewed = createViewed(client, route.about ?? "");
      useClient(viewed.client);
    }
    void parts.begin(questions);
  }
  draw();
  place("screen").querySelector("h1")?.focus();
};

/** @type {ReturnType<typeof createClientForUsers> | null} */
let client = null;

/** @param {Operator} operator */
const signedIn = async (operator) => {
  user = operator;
  /** @type {string | null | undefined} */
  let token;
  try {
    token = await operator.options.getToken({ forceRefresh: false });
  } catch {
    patch(place("screen"), [h("p", { role: "alert", class: "said" }, words.say("admin_noToken"))]);
    return;
  }
  if (user !== operator) return;
  const options = { baseUrl: location.origin, ...operator.options };
  const forAll = createRequest(options, ROUTES);
  client = createClientForUsers(options);
  const forUsers = /** @type {any} */ (client.request);
  request = (name, input, more) => (name in ROUTES ? forAll : forUsers)(name, input, more);
  role = roleOf(token);
  place("sign-in").replaceChildren();
  show();
};

const signedOut = () => {
  [user, role, request, client, viewed] = [null, null, null, null, null];
  useClient(null);
  void parts.begin({});
  wishes.forget();
  for (const id of ["who", "places", "screen"]) place(id).replaceChildren();
  place("places").hidden = true;
};

document.documentElement.lang = language;
for (const one of document.querySelectorAll("[data-say]")) one.textContent = words.say(/** @type {HTMLElement} */ (one).dataset.say ?? "");
for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", words.say(/** @type {HTMLElement} */ (one).dataset.label ?? ""));
window.addEventListener("hashchange", () => user && show());

const { start } = await (isLocal ? import("./local/start.js") : import("../app/sign-in.js"));
start({ place: place("sign-in"), signedIn: (/** @type {Operator} */ one) => void signedIn(one), signedOut });
