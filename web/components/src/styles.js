// How it looks: every colour is a variable of CSS, light and dark, and all directions are those of the text. Must not know what is shown.

export const STYLES = `
:host {
  --_text: var(--streak-text, light-dark(#1b1d22, #eceef2));
  --_muted: var(--streak-muted, light-dark(#555b67, #a9b0bd));
  --_surface: var(--streak-surface, light-dark(#ffffff, #16181d));
  --_line: var(--streak-line, light-dark(#d5d9e0, #3a3f4a));
  --_flame: var(--streak-flame, light-dark(#d9480f, #ff922b));
  --_active: var(--streak-active, light-dark(#c2410c, #ff922b));
  --_protected: var(--streak-protected, light-dark(#1864ab, #74c0fc));
  --_missed: var(--streak-missed, light-dark(#a61e4d, #faa2c1));
  --_on-color: var(--streak-on-color, light-dark(#ffffff, #16181d));
  --_focus: var(--streak-focus, light-dark(#1864ab, #74c0fc));
  --_radius: var(--streak-radius, 0.75rem);
  display: block;
  position: relative;
  color: var(--_text);
  background: var(--_surface);
  font: var(--streak-font, inherit);
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([theme="auto"]) { color-scheme: light dark; }
* { box-sizing: border-box; }
ol, ul { list-style: none; margin: 0; padding: 0; }
p, h2 { margin: 0; font: inherit; }
h2, caption { font-weight: 600; text-align: start; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.muted { color: var(--_muted); }
svg { inline-size: 1.25em; block-size: 1.25em; flex: none; }
.picture { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 2px solid var(--_focus); outline-offset: 2px; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--_line); border-radius: var(--_radius); padding: 0.4em 0.9em; min-block-size: 2.75em; cursor: pointer; }

.badge { display: inline-flex; align-items: center; gap: 0.4em; padding: 0.3em 0.7em; position: relative; }
.flame { fill: none; stroke: var(--_muted); stroke-width: 1.5; }
.badge.extended .flame { fill: var(--_flame); stroke: var(--_flame); }
.badge.protected .flame { fill: var(--_protected); stroke: var(--_protected); }
.badge.pending .flame { stroke: var(--_flame); }
.length { font-weight: 700; font-variant-numeric: tabular-nums; }
.deadline { font-size: 0.875em; color: var(--_muted); }
@media not (prefers-reduced-motion: reduce) {
  .badge.pending .flame { animation: flicker 2s ease-in-out infinite alternate; transform-origin: 50% 90%; }
  @keyframes flicker { from { transform: scale(1); } to { transform: scale(1.06, 0.97); } }
}

.week { display: grid; grid-template-columns: repeat(7, minmax(2.25em, 1fr)); gap: 0.25em; text-align: center; }
.day { display: grid; gap: 0.3em; justify-items: center; position: relative; }
.disc { display: grid; place-items: center; inline-size: 2.25em; block-size: 2.25em; border-radius: 50%; }
.ticks { display: flex; flex-wrap: wrap; gap: 0.4em 1em; margin-block-start: 0.9em; }
.tick { display: flex; align-items: center; gap: 0.4em; position: relative; }
.box { display: grid; place-items: center; inline-size: 1.4em; block-size: 1.4em; border-radius: 0.35em; }
.box svg { inline-size: 1em; block-size: 1em; }
.count { margin-block-start: 0.9em; font-weight: 700; font-variant-numeric: tabular-nums; position: relative; }
.note { margin-block-start: 0.6em; font-size: 0.875em; }

.months { display: flex; flex-wrap: wrap; gap: 1.25em; }
.month { border-collapse: separate; border-spacing: 0.2em; text-align: center; }
.month th { font-weight: 400; font-size: 0.8em; }
.month td { inline-size: 2.4em; min-inline-size: 2.4em; block-size: 2.6em; padding: 0.1em; font-size: 0.875em; line-height: 1.1; }
.cell { border-radius: 0.4em; }
.cell .number { display: block; font-variant-numeric: tabular-nums; }
.cell svg { inline-size: 1em; block-size: 1em; vertical-align: top; }
.detail { min-block-size: 1.5em; margin-block-start: 0.6em; }

.offers { display: grid; gap: 0.75em; }
.offer { display: grid; gap: 0.3em; justify-items: start; border: 1px solid var(--_line); border-radius: var(--_radius); padding: 0.8em 1em; }
.what { font-weight: 600; }
button[aria-disabled] { color: var(--_muted); cursor: default; }

.event { display: flex; flex-wrap: wrap; align-items: center; gap: 0.2em 0.8em; padding-block: 0.4em; border-block-end: 1px solid var(--_line); }
.event .when { flex: 1 1 12em; }
.why { flex: 1 0 100%; }

.v { color: var(--_muted); border: 1px solid var(--_line); }
.v-active, .v-repaired { color: var(--_on-color); background: var(--_active); border-color: var(--_active); }
.v-frozen, .v-paused, .v-rest, .v-amnesty, .v-excused { color: var(--_protected); border-color: var(--_protected); }
.v-missed { color: var(--_missed); border-color: var(--_missed); }
.v-today { outline: 2px solid var(--_text); outline-offset: 1px; }
@media (forced-colors: active) {
  .v-active, .v-repaired { forced-color-adjust: none; color: HighlightText; background: Highlight; }
}
`;
