// Signs in with Firebase Auth, by the configuration of the site that Firebase Hosting serves. Must not know what is shown to whom.

/** @import { User } from "./app.js" */
import { h } from "../components/src/nodes.js";
import { patch } from "../components/src/patch.js";

const SDK = "https://www.gstatic.com/firebasejs/13.2.0";

const load = async () => {
  const [app, auth, configuration] = await Promise.all([
    import(`${SDK}/firebase-app.js`),
    import(`${SDK}/firebase-auth.js`),
    fetch("/__/firebase/init.json").then((answer) => answer.json()),
  ]);
  return { auth, own: auth.getAuth(app.initializeApp(configuration)) };
};

/** @param {{ place: HTMLElement, signedIn: (user: User) => void, signedOut: () => void }} page */
export const start = async ({ place, signedIn, signedOut }) => {
  const loaded = await load().catch(() => null);
  if (!loaded) {
    patch(place, [h("p", { role: "alert", class: "said" }, "Nobody can sign in: what that needs could not be loaded. Load the page again once there is a network.")]);
    return;
  }
  const { auth, own } = loaded;
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
        h("h2", null, "Sign in"),
        h("button", { type: "button", class: "primary", onclick: () => void tried(() => auth.signInWithPopup(own, new auth.GoogleAuthProvider())) }, "Continue with Google"),
        h(
          "form",
          { onsubmit: submitted },
          h("label", { class: "field" }, "E-mail", h("input", { name: "email", type: "email", autocomplete: "username", required: true })),
          h("label", { class: "field" }, "Password", h("input", { name: "password", type: "password", autocomplete: "current-password", required: true })),
          h("button", null, "Sign in with a password"),
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
      options: { userId: user.uid, getToken: ({ forceRefresh }) => user.getIdToken(forceRefresh) },
      leave: () => void auth.signOut(own),
    });
  });
};
