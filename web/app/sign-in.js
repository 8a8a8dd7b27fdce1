// Signs in with Firebase Auth, by the configuration of the site that Firebase Hosting serves, and shows with App Check, where the page has a key for it, that it is the page. Must not know what is shown to whom.

/** @import { User } from "./app.js" */
import { h } from "../components/src/nodes.js";
import { patch } from "../components/src/patch.js";
import { words } from "./language.js";

const SDK = "https://www.gstatic.com/firebasejs/13.2.0";

// What a deployment puts there: the site key of reCAPTCHA Enterprise.
const KEY = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="app-check-key"]'))?.content ?? "";

const load = async () => {
  const [app, auth, appCheck, configuration] = await Promise.all([
    import(`${SDK}/firebase-app.js`),
    import(`${SDK}/firebase-auth.js`),
    KEY ? import(`${SDK}/firebase-app-check.js`) : null,
    fetch("/__/firebase/init.json").then((answer) => answer.json()),
  ]);
  const site = app.initializeApp(configuration);
  // Before anything signs in, so that Firebase Auth is shown it, too.
  const shown = appCheck?.initializeAppCheck(site, { provider: new appCheck.ReCaptchaEnterpriseProvider(KEY), isTokenAutoRefreshEnabled: true });
  const proof = shown && { getAppCheckToken: async (/** @type {{ forceRefresh: boolean }} */ { forceRefresh }) => (await appCheck.getToken(shown, forceRefresh)).token };
  return { auth, own: auth.getAuth(site), proof };
};

/** @param {{ place: HTMLElement, signedIn: (user: User) => void, signedOut: () => void }} page */
export const start = async ({ place, signedIn, signedOut }) => {
  const loaded = await load().catch(() => null);
  if (!loaded) {
    patch(place, [h("p", { role: "alert", class: "said" }, words.say("page_nobody"))]);
    return;
  }
  const { auth, own, proof } = loaded;
  let said = "";

  /** @param {() => Promise<unknown>} way */
  const tried = async (way) => {
    said = "";
    draw();
    try {
      await way();
    } catch (error) {
      said = String(/** @type {any} */ (error).code ?? error);
      draw();
    }
  };
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    void tried(() => auth.signInWithEmailAndPassword(own, given.get("email"), given.get("password")));
  };
  const draw = () =>
    patch(place, [
      h(
        "section",
        { class: "card welcome" },
        h("h2", null, words.say("page_signIn")),
        h("button", { type: "button", class: "primary", onclick: () => void tried(() => auth.signInWithPopup(own, new auth.GoogleAuthProvider())) }, words.say("page_google")),
        h(
          "form",
          { onsubmit: submitted },
          h("label", { class: "field" }, words.say("page_email"), h("input", { name: "email", type: "email", autocomplete: "username", required: true })),
          h("label", { class: "field" }, words.say("page_password"), h("input", { name: "password", type: "password", autocomplete: "current-password", required: true })),
          h("button", null, words.say("page_withPassword")),
        ),
        h("p", { role: "status", class: "said" }, said),
      ),
    ]);

  auth.onAuthStateChanged(own, (/** @type {any} */ user) => {
    signedOut();
    if (!user) {
      draw();
      return;
    }
    signedIn({
      name: user.displayName ?? user.email ?? user.uid,
      options: { userId: user.uid, getToken: ({ forceRefresh }) => user.getIdToken(forceRefresh), ...proof },
      leave: () => void auth.signOut(own),
    });
  });
};
